using Bunit;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Databases;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Components;

/// <summary>What was asked for first may come last; it must not take the place of what was asked for then.</summary>
public sealed class OvertakenReadTests(SqliteFiles databases) : DatabaseComponentTest(databases)
{
    protected override ValueTask AddServicesAsync()
    {
        var runs = new RunReader(Watched);
        var experiments = new ExperimentReader(Watched);
        Context.Services.AddSingleton(experiments);
        Context.Services.AddSingleton(new ExperimentCards(experiments, runs));
        Context.Services.AddSingleton<LiveFeed>();
        Context.Services.AddPrerenderHandover();
        Context.AddBunitPersistentComponentState();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Slow_page_does_not_replace_the_one_asked_for_after_it()
    {
        var (older, _) = await Samples.AddAsync(_ => RunState.Queued, Cancel, """{"name":"older"}""", TimeSpan.FromDays(2));
        var (newer, _) = await Samples.AddAsync(_ => RunState.Queued, Cancel, """{"name":"newer"}""", TimeSpan.FromDays(1));
        var slow = new TaskCompletionSource();
        Watched.Before = () => slow.Task;
        var page = Context.Render<ExperimentsPage>();

        Watched.Before = () => Task.CompletedTask;
        Context.Services.GetRequiredService<NavigationManager>().NavigateTo($"/?before={newer}");
        await page.WaitForAssertionAsync(() => Assert.Equal("older", page.Find("[data-testid=experiment] h2").TextContent), Patience);
        await page.InvokeAsync(slow.SetResult);

        // The slow one is done once it has read runs: two openings each.
        await page.WaitForStateAsync(() => Watched.Opened >= 4, Patience);
        await page.InvokeAsync(() => Task.CompletedTask);
        Assert.Equal("older", Assert.Single(page.FindAll("[data-testid=experiment] h2")).TextContent);
        Assert.NotEqual(older, newer);
    }
}
