using System.Text.Json;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Presentation;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>What stands on a page stays where it is while the page comes alive, its charts are drawn and results arrive.</summary>
public sealed class LayoutShiftTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    /// <summary>Chromium's measure; 0.1 counts as good. What is below a fiftieth nobody sees.</summary>
    private const double Most = 0.02;

    private const string Watch =
        """
        window.shifts = [];
        new PerformanceObserver(list => {
          for (const shift of list.getEntries()) if (!shift.hadRecentInput)
            window.shifts.push({ value: shift.value, where: shift.sources.map(source => source.node?.className || source.node?.nodeName).join(', ') });
        }).observe({ type: 'layout-shift', buffered: true });
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(400, 800)]
    public async Task Nothing_on_a_tab_or_in_the_table_moves_while_results_arrive(int width, int height)
    {
        var tabs = Enum.GetValues<ExperimentTab>();
        var (experiment, runs) = await host.Samples.AddAsync(
            index => index < 8 ? RunState.Completed : RunState.Running, Cancel, """{"name":"still","axes":{"maskRatio":[0.5,0.75],"patchSize":[4,7],"seed":[0,1,2,3]}}""");
        await using var browser = await chromium.OpenAsync(host.Door, width, height);
        await browser.Page.AddInitScriptAsync(Watch);
        var moved = new List<string>();

        foreach (var (address, run) in tabs.Select(tab => $"/experiments/{experiment}?tab={EnumWord.Of(tab)}").Append($"/runs?experiment={experiment}").Zip(runs.Skip(8)))
        {
            await browser.GoAsync(address);
            await ChangedAsync(browser, experiment, run);
            var shifts = await browser.Page.EvaluateAsync<JsonElement>("() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve(window.shifts))))");
            if (shifts.EnumerateArray().Sum(shift => shift.GetProperty("value").GetDouble()) >= Most)
            {
                moved.Add($"{address}: {shifts}");
            }
        }

        // What is pushed down is seen by the measure.
        await browser.Page.EvaluateAsync("document.querySelector('main').style.paddingTop = '300px'");
        await browser.Page.WaitForFunctionAsync("most => window.shifts.some(shift => shift.value > most)", Most);
        Assert.True(moved.Count == 0, string.Join(Environment.NewLine, moved));
        Assert.Empty(browser.Problems);
    }

    /// <summary>A run is complete, and the page has heard of it.</summary>
    private async Task ChangedAsync(BrowserPage browser, Guid experiment, Guid run)
    {
        var complete = browser.Page.Locator(".state-completed");
        await complete.First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await using var db = host.Database.Open();
        await db.Runs.Where(row => row.Id == run).ExecuteUpdateAsync(row => row.SetProperty(r => r.State, RunState.Completed).SetProperty(r => r.Step, r => r.TotalSteps), Cancel);
        var progress = browser.Page.Locator("[data-testid=experiment-progress], [data-testid=runs]").First;
        var before = await progress.InnerTextAsync();
        await host.Services.GetRequiredService<IBus>().Publish(new RunChanged(run, experiment, "completed"), Cancel);
        await Assertions.Expect(progress).Not.ToHaveTextAsync(before, new() { UseInnerText = true });
    }
}
