using System.Text.RegularExpressions;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>What is done in the table of runs with mouse and keys.</summary>
public sealed partial class RunsPageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Selected_runs_are_tagged_and_then_found_by_the_tag()
    {
        await using var browser = await OpenAsync($"/runs?experiment={host.ExperimentId}&sort=patchSize&columns=tags");

        await browser.TestId("select-run").Nth(1).ClickAsync();
        await browser.TestId("select-run").Nth(4).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await browser.TestId("selected-count").ShowsAsync("4 of 12 runs selected");
        await browser.TestId("bulk-tag-text").FillAsync("odd one");
        await browser.TestId("bulk-tag").ClickAsync();
        await browser.TestId("run").Nth(4).ShowsAsync("odd one");
        await browser.TestId("runs-tag").SelectOptionAsync("odd one");

        await browser.HasAddressAsync(TagInAddress());
        await browser.TestId("runs-count").ShowsAsync("4 runs");
        await Assertions.Expect(browser.TestId("run")).ToHaveCountAsync(4);
        await browser.TestId("runs-chip").ClickAsync();
        await browser.TestId("runs-count").ShowsAsync("12 runs");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Deleted_runs_can_be_had_back_and_those_not_over_are_not_deleted()
    {
        var (experiment, runs) = await host.Samples.AddAsync(index => index < 3 ? RunState.Completed : RunState.Running, Cancel, """{"name":"to delete","axes":{"seed":[0,1,2,3]}}""");
        var scheduler = await host.SchedulerAsync();
        await using var browser = await OpenAsync($"/runs?experiment={experiment}&sort=seed");

        await browser.TestId("select-all").ClickAsync();
        await browser.TestId("bulk-delete").ClickAsync();
        await browser.Page.GetByText("Nothing was deleted: 1 run is not over. Cancel it first.").WaitForAsync();
        await browser.TestId("select-run").Nth(3).ClickAsync();
        await browser.TestId("bulk-delete").ClickAsync();
        await browser.Page.GetByText("3 runs deleted.").WaitForAsync();
        var command = await scheduler.NextAsync<DeleteRuns>(Cancel);
        Assert.Equal(runs.Take(3).Order(), command.RunIds.Order());
        await DeleteAsync(runs.Take(3), DateTimeOffset.UtcNow);
        await browser.TestId("runs-count").ShowsAsync("1 run");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        Assert.Equal(command.RunIds.Order(), (await scheduler.NextAsync<RestoreRuns>(Cancel)).RunIds.Order());
        await DeleteAsync(runs.Take(3), null);
        await browser.TestId("runs-count").ShowsAsync("4 runs");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Selection_is_cancelled_or_retried_as_far_as_states_allow()
    {
        var (experiment, runs) = await host.Samples.AddAsync(index => index == 0 ? RunState.Failed : RunState.Queued, Cancel, """{"name":"to control","axes":{"seed":[0,1,2]}}""");
        var scheduler = await host.SchedulerAsync();
        await using var browser = await OpenAsync($"/runs?experiment={experiment}");
        await browser.TestId("select-all").ClickAsync();

        await browser.TestId("bulk-retry").ClickAsync();
        await browser.Page.GetByText("Asked the scheduler to retry 1 of 3 runs").WaitForAsync();
        var retry = await scheduler.NextAsync<ControlRun>(Cancel);
        await browser.TestId("bulk-cancel").ClickAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel the runs" }).ClickAsync();
        ControlRun[] cancelled = [await scheduler.NextAsync<ControlRun>(Cancel), await scheduler.NextAsync<ControlRun>(Cancel)];

        Assert.Equal((runs[0], RunAction.Retry), (retry.RunId, retry.Action));
        Assert.Equal(runs.Skip(1).Select(run => (run, RunAction.Cancel)).Order(), cancelled.Select(command => (command.RunId, command.Action)).Order());
        await using var db = host.Database.Open();
        var audited = await db.AuditEntries.Where(entry => entry.Action == "CancelRun").Select(entry => entry.Subject).ToListAsync(Cancel);
        Assert.Equal(runs.Skip(1).Select(run => $"run {run}").Order(), audited.Intersect(runs.Select(run => $"run {run}")).Order());
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task View_is_saved_renamed_gone_to_and_deleted()
    {
        await using var browser = await OpenAsync("/runs?state=failed&columns=state,maskRatio");

        await browser.TestId("views").ClickAsync();
        await browser.TestId("view-name").FillAsync("what failed");
        await browser.TestId("view-save").ClickAsync();
        await browser.TestId("view").ShowsAsync("what failed");
        await browser.TestId("view-rename").ClickAsync();
        await browser.TestId("view-new-name").FillAsync("failures");
        await browser.TestId("view-new-name").PressAsync("Enter");
        await browser.GoAsync("/runs");
        await browser.TestId("views").ClickAsync();
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "failures" }).ClickAsync();

        await browser.HasAddressAsync(FailedInAddress());
        await Assertions.Expect(browser.TestId("run").First.Locator("[data-column=maskRatio]")).ToBeVisibleAsync();
        await browser.TestId("views").ClickAsync();
        await browser.TestId("view-delete").ClickAsync();
        await Assertions.Expect(browser.TestId("view")).ToHaveCountAsync(0);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Columns_are_chosen_sorted_by_and_narrowed_to_those_that_differ()
    {
        await using var browser = await OpenAsync($"/runs?experiment={host.ExperimentId}");

        await browser.TestId("runs-columns").ClickAsync();
        await browser.TestId("columns-all-fields").ClickAsync();
        await browser.TestId("sort-encoder.width").WaitForAsync();
        await browser.TestId("runs-columns").PressAsync("Escape");
        await browser.TestId("runs-differing").ClickAsync();
        await Assertions.Expect(browser.TestId("sort-encoder.width")).ToHaveCountAsync(0);
        await browser.TestId("sort-maskRatio").ClickAsync();

        await Assertions.Expect(browser.TestId("run").First.Locator("[data-column=maskRatio]")).ToHaveTextAsync("0.5");
        await browser.TestId("sort-maskRatio").ClickAsync();
        await Assertions.Expect(browser.TestId("run").First.Locator("[data-column=maskRatio]")).ToHaveTextAsync("0.9");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Selected_runs_are_compared()
    {
        await using var browser = await OpenAsync($"/runs?experiment={host.ExperimentId}&sort=patchSize");

        await browser.TestId("select-run").Nth(0).ClickAsync();
        await browser.TestId("select-run").Nth(11).ClickAsync();
        await browser.TestId("bulk-compare").ClickAsync();

        await browser.TestId("diff-recipes").ShowsAsync("Patch size");
        Assert.DoesNotContain("Encoder width", await browser.TestId("diff-recipes").InnerTextAsync(), StringComparison.Ordinal);
        await browser.TestId("diff-all").ClickAsync();
        await browser.TestId("diff-recipes").ShowsAsync("Encoder width");
        await browser.TestId("diff-metrics").ShowsAsync("Training loss");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Note_is_written_with_a_preview_and_no_script_of_it_runs()
    {
        await using var browser = await OpenAsync(host.AddressOf("complete run"));

        await browser.TestId("notes-edit").ClickAsync();
        await browser.TestId("notes-draft").FillAsync(
            "**odd** <img src=x onerror=\"window.stolen=1\"> <script>window.stolen=1</script> [click](javascript:window.stolen=1) [paper](https://arxiv.org)");
        await browser.TestId("notes-preview").Locator("strong").WaitForAsync();
        await browser.TestId("notes-save").ClickAsync();
        await browser.TestId("notes-text").Locator("strong").WaitForAsync();
        await browser.GoAsync(host.AddressOf("complete run"));
        await browser.TestId("notes-text").GetByText("click").ClickAsync(new() { Modifiers = [KeyboardModifier.Alt] });

        Assert.Equal("noopener noreferrer nofollow", await browser.TestId("notes-text").GetByText("paper").GetAttributeAsync("rel"));
        Assert.Equal(0, await browser.TestId("notes-text").Locator("img, script").CountAsync());
        Assert.True(await browser.Page.EvaluateAsync<bool>("() => window.stolen === undefined"));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Long_table_draws_what_is_looked_at_only()
    {
        var (experiment, _) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel, $$$"""{"name":"long","axes":{"seed":[{{{string.Join(',', Enumerable.Range(0, 700))}}}]}}""");
        await using var browser = await OpenAsync($"/runs?experiment={experiment}&sort=seed&columns=seed");
        await Assertions.Expect(browser.TestId("run").First.Locator("[data-column=seed]")).ToHaveTextAsync("0");

        await browser.Page.Locator(".run-window").EvaluateAsync("window => window.scrollTop = window.scrollHeight");

        await Assertions.Expect(browser.TestId("run").Last.Locator("[data-column=seed]")).ToHaveTextAsync("699");
        Assert.InRange(await browser.TestId("run").CountAsync(), 10, 80);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Cloned_run_is_one_cell_of_its_recipe_in_the_form()
    {
        await using var browser = await OpenAsync($"/runs/{host.RunIds[5]}"); // mask ratio 0.75, patch size 4, seed 1

        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Clone" }).ClickAsync();

        await browser.TestId("preview-runs").ShowsAsync("1");
        Assert.Equal("0.75", await browser.TestId("base-maskRatio").InputValueAsync());
        Assert.Equal("4", await browser.TestId("base-patchSize").InputValueAsync());
        await browser.TestId("factor-seed").ShowsAsync("1");
        Assert.Equal("Mask ratio x patch size #5 (copy)", await browser.Page.Locator("#name").InputValueAsync());
        Assert.Empty(browser.Problems);
    }

    /// <summary>As the scheduler would.</summary>
    private async Task DeleteAsync(IEnumerable<Guid> runs, DateTimeOffset? at)
    {
        await using var db = host.Database.Open();
        await db.Runs.IgnoreQueryFilters().Where(run => runs.Contains(run.Id)).ExecuteUpdateAsync(run => run.SetProperty(row => row.DeletedAt, at), Cancel);
    }

    private async Task<BrowserPage> OpenAsync(string address)
    {
        var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(address);
        return browser;
    }

    [GeneratedRegex("tag=odd")]
    private static partial Regex TagInAddress();

    [GeneratedRegex("state=failed&columns=state,maskRatio$")]
    private static partial Regex FailedInAddress();
}
