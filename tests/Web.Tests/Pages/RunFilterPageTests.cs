using System.Text.RegularExpressions;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>Which runs the table shows, and what takes them out of it.</summary>
public sealed class RunFilterPageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_are_searched_and_filtered_and_each_filter_can_be_taken_back()
    {
        var (_, runs) = await host.Samples.AddAsync(
            index => index == 0 ? RunState.Failed : RunState.Queued, Cancel, """{"name":"needle in a haystack","axes":{"maskRatio":[0.5,0.75],"seed":[0,1]}}""");
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync("/runs");

        await SearchAsync("needle in", "4 runs");
        await browser.TestId("runs-state").SelectOptionAsync("failed");
        await CountsAsync("1 run");
        await browser.TestId("runs-state").SelectOptionAsync("");
        await CountsAsync("4 runs");
        await browser.TestId("runs-field").SelectOptionAsync("maskRatio");
        await browser.TestId("runs-level").SelectOptionAsync("0.75");
        await browser.HasAddressAsync(new Regex("level=maskRatio(:|%3A)0.75"));
        await CountsAsync("2 runs");
        await browser.TestId("runs-chip").ClickAsync();
        await CountsAsync("4 runs");
        await SearchAsync(runs[3].ToString(), "1 run");
        await SearchAsync("nobody has this", null);
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Show all runs" }).ClickAsync();
        await Assertions.Expect(browser.TestId("runs-search")).ToHaveValueAsync("");
        await browser.TestId("runs-experiment").SelectOptionAsync(host.ExperimentId.ToString());
        await CountsAsync("12 runs");
        await browser.TestId("runs-group").SelectOptionAsync("patchSize");
        await Assertions.Expect(browser.TestId("runs-open-all")).ToBeVisibleAsync();
        Assert.Empty(browser.Problems);

        Task CountsAsync(string count) => Assertions.Expect(browser.TestId("runs-count")).ToHaveTextAsync(count);

        async Task SearchAsync(string text, string? count)
        {
            await browser.TestId("runs-search").FillAsync(text);
            await browser.TestId("runs-search").PressAsync("Enter");
            await (count is null ? browser.Page.GetByText("No run matches").WaitForAsync() : CountsAsync(count));
        }
    }

    [Fact]
    public async Task Selected_runs_are_untagged_archived_and_brought_back()
    {
        var (experiment, _) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel, """{"name":"to tidy up","axes":{"seed":[0,1,2]}}""");
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync($"/runs?experiment={experiment}&sort=seed&columns=seed,tags");

        await browser.TestId("select-run").Nth(0).ClickAsync();
        await browser.TestId("select-run").Nth(1).ClickAsync();
        await browser.TestId("bulk-tag-text").FillAsync("odd");
        await browser.TestId("bulk-tag").ClickAsync();
        await browser.TestId("run").Nth(1).ShowsAsync("odd");
        await browser.TestId("bulk-tag-text").FillAsync("odd");
        await browser.TestId("bulk-untag").ClickAsync();
        await Assertions.Expect(browser.TestId("run").Nth(1)).Not.ToContainTextAsync("odd");
        await Assertions.Expect(browser.TestId("run").Nth(0)).Not.ToContainTextAsync("odd");

        await browser.TestId("bulk-archive").ClickAsync();
        await Assertions.Expect(browser.TestId("run")).ToHaveCountAsync(1);
        await browser.TestId("runs-archived").SelectOptionAsync("only");
        await Assertions.Expect(browser.TestId("run")).ToHaveCountAsync(2);
        await browser.TestId("select-all").ClickAsync();
        await browser.TestId("bulk-unarchive").ClickAsync();
        await browser.Page.GetByText("No run matches").WaitForAsync();
        await browser.TestId("runs-archived").SelectOptionAsync("hidden");
        await Assertions.Expect(browser.TestId("run")).ToHaveCountAsync(3);
        Assert.Empty(browser.Problems);
    }
}
