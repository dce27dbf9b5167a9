using MaeLab.Messaging.Tests.Labs;
using MaeLab.Scheduler.Placement;
using MaeLab.Storage;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Messaging.Tests.Scheduler;

public abstract class RunAssignerTests(ITestDatabases databases)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_that_another_scheduler_places_at_the_same_moment_is_left_to_it()
    {
        await using var lab = new Lab(await databases.CreateDatabaseAsync(Token), broker: null);
        var scheduler = await lab.StartSchedulerAsync();
        var runId = await lab.Database.AddRunAsync(Token);
        var rival = new BeforeSaving(() => lab.Database.BeginAttemptAsync(runId, 2, restoreStep: 0, Token));
        var assigner = ActivatorUtilities.CreateInstance<RunAssigner>(scheduler.Services, DatabaseFactory.Create(lab.Database.Options, interceptors: rival));

        var runner = Guid.CreateVersion7();
        await assigner.AssignAsync(runId, runner, Token);

        await using var db = lab.Database.Open();
        Assert.Equal(2, (await db.Runs.SingleAsync(Token)).Attempt);
        Assert.DoesNotContain(runner, await db.RunAttempts.Select(attempt => attempt.RunnerId).ToListAsync(Token));
    }

    private sealed class BeforeSaving(Func<Task> act) : SaveChangesInterceptor
    {
        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
            DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            await act();
            return result;
        }
    }
}

public sealed class RunAssignerOnPostgres(PostgresServer databases) : RunAssignerTests(databases);

public sealed class RunAssignerOnSqlite(SqliteFiles databases) : RunAssignerTests(databases);
