using System.Text.RegularExpressions;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Presentation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

public sealed class StatisticsPageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reference_order_and_value_are_in_the_address_and_survive_a_reload()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("experiment"));
        await browser.TestId("tab-statistics").ClickAsync();
        await Assertions.Expect(browser.TestId("comparison")).ToHaveCountAsync(5);
        await browser.TestId("statistics-summary").ShowsAsync("5 have not enough seeds: 8 complete runs");

        await browser.TestId("statistics-against").SelectOptionAsync("0");
        await browser.HasAddressAsync(new Regex("against=0"));
        await browser.TestId("statistics-order").SelectOptionAsync("effect");
        await browser.TestId("statistics-value").SelectOptionAsync("atbudget");
        await browser.TestId("statistics-budget").SelectOptionAsync("images");
        await browser.HasAddressAsync(new Regex("order=effect.*budget=images"));
        await browser.Page.ReloadAsync();
        await browser.InteractiveAsync();

        await browser.TestId("reference").ShowsAsync("Mask ratio 0.5, patch size 4");
        await browser.TestId("statistics-summary").ShowsAsync("images, the most that all have reached");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Every_tab_can_be_gone_to_from_every_other()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("experiment"));
        var tabs = Enum.GetValues<ExperimentTab>();

        foreach (var tab in tabs.SelectMany(from => tabs.SelectMany(to => new[] { from, to })))
        {
            await browser.TestId($"tab-{EnumWord.Of(tab)}").ClickAsync();
            await Assertions.Expect(browser.TestId($"tab-{EnumWord.Of(tab)}")).ToHaveAttributeAsync("aria-current", "page");
        }

        // The circuit has not broken: the page still answers.
        await browser.TestId("tab-matrix").ClickAsync();
        await browser.TestId("matrix-metric").SelectOptionAsync("train/loss");
        await browser.HasAddressAsync(new Regex("metric=train"));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Comparisons_are_downloaded_as_they_are_shown()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("statistics of an experiment") + "&against=1&metric=train%2Floss");

        var download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());

        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), Cancel);
        Assert.StartsWith("1,0.5,7,train/loss,last value,", lines[1], StringComparison.Ordinal);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Failed_runs_of_a_cell_are_queued_again_with_one_click()
    {
        var scheduler = await host.SchedulerAsync();
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("experiment"));

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Queue 1 failed or cancelled run of patch size 7, mask ratio 0.75" }).ClickAsync();

        var command = await scheduler.NextAsync<ControlRun>(Cancel);
        Assert.Equal((host.RunIds[7], RunAction.Retry), (command.RunId, command.Action));
        await browser.Page.GetByText("Asked the scheduler to queue 1 failed or cancelled run of patch size 7, mask ratio 0.75.").WaitForAsync();
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Cell_with_a_failed_and_a_deleted_run_gets_both_seeds_back_with_one_click()
    {
        var (experiment, runs) = await host.Samples.AddAsync(
            index => index == 0 ? RunState.Failed : RunState.Completed, Cancel, """{"name":"with a gap","axes":{"maskRatio":[0.5,0.75],"seed":[0,1,2]}}""");
        await using (var db = host.Database.Open())
        {
            await db.Runs.Where(run => run.Id == runs[1]).ExecuteUpdateAsync(run => run.SetProperty(row => row.DeletedAt, DateTimeOffset.UtcNow), Cancel);
        }

        var scheduler = await host.SchedulerAsync();
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync($"/experiments/{experiment}");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Queue 1 failed or cancelled run and 1 missing seed of mask ratio 0.5" }).ClickAsync();

        Assert.Equal(runs[0], (await scheduler.NextAsync<ControlRun>(Cancel)).RunId);
        Assert.Equal(new Dictionary<string, string> { ["maskRatio"] = "0.5" }, (await scheduler.NextAsync<QueueCell>(Cancel)).Levels);
        await browser.Page.GetByText("Asked the scheduler to queue 1 failed or cancelled run and 1 missing seed of mask ratio 0.5.").WaitForAsync();
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Published_curve_is_drawn_beside_the_slice_when_asked_for()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("experiment"));
        var dashed = browser.TestId("slice-chart").Locator("svg path[stroke-dasharray]");
        await Assertions.Expect(browser.TestId("slice-chart").Locator("svg path").First).ToBeAttachedAsync();
        await Assertions.Expect(dashed).ToHaveCountAsync(0);

        await browser.TestId("published").CheckAsync();
        await browser.HasAddressAsync(new Regex("published=true"));

        await Assertions.Expect(dashed).ToHaveCountAsync(1);
        await browser.Page.GetByText("ViT-L/16, ImageNet-1K (He et al. 2022, Fig. 5), not your data").WaitForAsync();
        await browser.TestId("swap-sides").ClickAsync();
        await browser.HasAddressAsync(new Regex("rows=maskRatio&columns=patchSize"));
        await Assertions.Expect(browser.TestId("published")).ToHaveCountAsync(0);
        Assert.Empty(browser.Problems);
    }
}
