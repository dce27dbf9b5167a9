using Bunit;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Databases;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;
using MaeLab.Web.Tests.Sample;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Components;

/// <summary>What was asked for first may come last; it must not take the place of what was asked for then.</summary>
public sealed class OvertakenReadTests(SqliteFiles databases) : ComponentTest
{
    private TestDatabase _database = null!;
    private WatchedDatabases _watched = null!;

    public override async ValueTask InitializeAsync()
    {
        _database = await databases.CreateDatabaseAsync(Cancel);
        _watched = new(_database.Contexts);
        var runs = new RunReader(_watched);
        var experiments = new ExperimentReader(_watched);
        Context.Services.AddSingleton(experiments);
        Context.Services.AddSingleton(new ExperimentCards(experiments, runs));
        Context.Services.AddSingleton<LiveFeed>();
        Context.Services.AddPrerenderHandover();
        Context.AddBunitPersistentComponentState();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Slow_page_does_not_replace_the_one_asked_for_after_it()
    {
        var samples = new SampleExperiment(_database.Contexts, TimeProvider.System);
        var (older, _) = await samples.AddAsync(_ => RunState.Queued, Cancel, """{"name":"older"}""", TimeSpan.FromDays(2));
        var (newer, _) = await samples.AddAsync(_ => RunState.Queued, Cancel, """{"name":"newer"}""", TimeSpan.FromDays(1));
        var slow = new TaskCompletionSource();
        _watched.Before = () => slow.Task;
        var page = Context.Render<ExperimentsPage>();

        _watched.Before = () => Task.CompletedTask;
        Context.Services.GetRequiredService<NavigationManager>().NavigateTo($"/?before={newer}");
        await page.WaitForAssertionAsync(() => Assert.Equal("older", page.Find("[data-testid=experiment] h2").TextContent), TimeSpan.FromSeconds(30));
        await page.InvokeAsync(slow.SetResult);

        // The slow one is done once it has read runs: two openings each.
        await page.WaitForStateAsync(() => _watched.Opened >= 4, TimeSpan.FromSeconds(30));
        await page.InvokeAsync(() => Task.CompletedTask);
        Assert.Equal("older", Assert.Single(page.FindAll("[data-testid=experiment] h2")).TextContent);
        Assert.NotEqual(older, newer);
    }
}
