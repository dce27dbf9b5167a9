using System.Text.RegularExpressions;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Tests.Sample;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

public sealed class ExperimentPageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cell_narrows_the_runs_of_every_tab_and_is_in_the_address()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("experiment"));
        await browser.TestId("tab-runs").ClickAsync();
        await Assertions.Expect(browser.TestId("run")).ToHaveCountAsync(12);

        await browser.TestId("tab-matrix").ClickAsync();
        await browser.TestId("matrix-cell").First.ClickAsync();
        await browser.HasAddressAsync(new Regex("cell="));
        await browser.TestId("tab-runs").ClickAsync();

        await Assertions.Expect(browser.TestId("run")).ToHaveCountAsync(2);
        await browser.Page.ReloadAsync();
        await browser.InteractiveAsync();
        await Assertions.Expect(browser.TestId("run")).ToHaveCountAsync(2);
        await browser.TestId("selected-cell").ClickAsync();
        await Assertions.Expect(browser.TestId("run")).ToHaveCountAsync(12);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Sides_and_metric_can_be_chosen_and_incomparable_losses_are_said()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("experiment"));

        await browser.TestId("matrix-rows").SelectOptionAsync("maskRatio");
        await browser.HasAddressAsync(new Regex("rows=maskRatio&columns=patchSize"));
        await browser.TestId("matrix-metric").SelectOptionAsync("train/loss");

        await browser.Page.GetByRole(AriaRole.Note).ShowsAsync("not comparable across mask ratio and patch size");
        Assert.Equal(["4", "7"], await browser.Page.Locator(".matrix thead tr:last-child th:not(.matrix-axis)").AllInnerTextsAsync());
        Assert.Empty(browser.Problems);
    }

    [Theory]
    [InlineData("Table as CSV", ".csv")]
    [InlineData("Table for LaTeX (booktabs)", ".tex")]
    public async Task Table_is_downloaded_and_the_page_stays(string item, string extension)
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("experiment"));
        var address = browser.Page.Url;

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        var download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.GetByText(item).ClickAsync());

        Assert.EndsWith(extension, download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Null(await download.FailureAsync());
        Assert.Equal(address, browser.Page.Url);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Cancelling_all_runs_asks_first_and_in_the_colour_of_errors()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("experiment"));
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel all" }).ClickAsync();

        var sure = browser.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel the runs" });
        await Assertions.Expect(sure).ToHaveClassAsync(new Regex("mud-button-filled-error"));
        await sure.ClickAsync();

        await browser.Page.GetByText(new Regex("runs were asked to end")).WaitForAsync();
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Theory_jobs_alone_can_be_cancelled_all_at_once()
    {
        var (experiment, runs) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel, """{"name":"examined"}""");
        var jobs = new SampleJobs(host.Database.Contexts, TimeProvider.System);
        await jobs.AddAsync(await jobs.AddCheckpointAsync(runs[0], 310, Cancel), RunState.Queued, [], Cancel);
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync($"/experiments/{experiment}");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel all" }).ClickAsync();
        var question = browser.Page.GetByRole(AriaRole.Dialog);
        await question.ShowsAsync("1 theory job is not over yet.");
        await question.GetByRole(AriaRole.Button, new() { Name = "Cancel the jobs" }).ClickAsync();

        await browser.Page.GetByText("The theory jobs were asked to end.").WaitForAsync();
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Hint_brings_what_changed_without_a_reload()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync($"/runs/{host.RunIds[11]}");
        await browser.TestId("state").First.ShowsAsync("Queued");

        await ChangeAsync(host.RunIds[11], RunState.Assigned);
        await host.Services.GetRequiredService<IBus>().Publish(new RunChanged(host.RunIds[11], host.ExperimentId, "assigned"), Cancel);

        await browser.TestId("state").First.ShowsAsync("Assigned");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Without_a_hint_the_page_is_right_a_little_later()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync($"/runs/{host.RunIds[10]}");
        await browser.TestId("state").First.ShowsAsync("Queued");

        await ChangeAsync(host.RunIds[10], RunState.Paused);

        await browser.TestId("state").First.ShowsAsync("Paused");
        await browser.TestId("run-resume").WaitForAsync();
        Assert.Empty(browser.Problems);
    }

    private async Task ChangeAsync(Guid runId, RunState state)
    {
        await using var db = host.Database.Open();
        var run = await db.Runs.SingleAsync(row => row.Id == runId, Cancel);
        run.State = state;
        await db.SaveChangesAsync(Cancel);
    }
}
