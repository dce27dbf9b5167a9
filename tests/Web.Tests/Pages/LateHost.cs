using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Testing.Databases;
using MaeLab.Web.Tests.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Pages;

/// <summary>The web service over a database that answers when a test lets it.</summary>
public sealed class LateHost(SqliteFiles databases) : ApiHost(databases)
{
    private Task _answer = Task.CompletedTask;

    public Guid ExperimentId { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (ExperimentId, _) = await Samples.AddAsync(
            index => index < 6 ? RunState.Completed : RunState.Running, TestContext.Current.CancellationToken, """{"name":"late","axes":{"maskRatio":[0.5,0.75],"patchSize":[4,7],"seed":[0,1]}}""");
    }

    /// <summary>From now on the pages get no answer until it is disposed of.</summary>
    public IDisposable Withhold()
    {
        var withheld = new Withheld();
        _answer = withheld.Answer;
        return withheld;
    }

    protected override void Configure(IServiceCollection services)
    {
        base.Configure(services);
        services.AddSingleton<IDbContextFactory<MaeLabDb>>(new LateDatabases(this));
    }

    private sealed class Withheld : IDisposable
    {
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Answer => _answer.Task;

        public void Dispose() => _answer.TrySetResult();
    }

    private sealed class LateDatabases(LateHost host) : IDbContextFactory<MaeLabDb>
    {
        /// <summary>Keys of sessions are read so, which is no page's.</summary>
        public MaeLabDb CreateDbContext() => host.Database.Contexts.CreateDbContext();

        public async Task<MaeLabDb> CreateDbContextAsync(CancellationToken cancellationToken = default)
        {
            await host._answer.WaitAsync(cancellationToken);
            return await host.Database.Contexts.CreateDbContextAsync(cancellationToken);
        }
    }
}
