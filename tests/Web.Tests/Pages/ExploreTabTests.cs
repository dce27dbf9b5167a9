using System.Text.RegularExpressions;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

public sealed class ExploreTabTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    /// <summary>The tests know of ECharts' drawing what our own option says: where the first axis is.</summary>
    private const int FirstAxis = 50;

    [Fact]
    public async Task Stretch_of_an_axis_selects_the_runs_in_it_and_is_in_the_address()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("exploration of an experiment"));
        var chart = await BoxAsync(browser, "parallel-chart");
        await browser.TestId("selected-runs").ShowsAsync("All 12 runs");

        // The upper part of the first axis, the mask ratio.
        await DragAsync(browser, (chart.X + FirstAxis, chart.Y + 40), (chart.X + FirstAxis, chart.Y + 120));

        await browser.HasAddressAsync(new Regex("brush=maskRatio(:|%3A)0[.]7"));
        await browser.TestId("selected-runs").ShowsAsync("4 of 12 runs");
        await browser.Page.ReloadAsync();
        await browser.InteractiveAsync();
        await browser.TestId("selected-runs").ShowsAsync("4 of 12 runs");
        Assert.All(
            await browser.TestId("selected-runs").GetByRole(AriaRole.Link).AllInnerTextsAsync(),
            name => Assert.Contains("Mask ratio 0.9", name, StringComparison.Ordinal));
        await browser.TestId("range").PressAsync("Enter");
        await browser.TestId("selected-runs").ShowsAsync("All 12 runs");
        await browser.HasAddressAsync(new Regex("tab=explore(?!.*brush=)"));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Rectangle_in_the_scatter_plot_selects_by_both_of_its_sides()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync($"{host.AddressOf("exploration of an experiment")}&sx=maskRatio&sy=patchSize");
        var chart = await BoxAsync(browser, "scatter-chart");

        // Patch size 7 lies at the top, mask ratio 0.5 at the left.
        await DragAsync(browser, (chart.X + 68, chart.Y + 18), (chart.X + (chart.Width / 2), chart.Y + (chart.Height / 2)));

        await browser.HasAddressAsync(new Regex("brush=maskRatio.*brush=patchSize"));
        await browser.TestId("selected-runs").ShowsAsync("2 of 12 runs");
        await browser.TestId("selected-runs").ShowsAsync("Mask ratio 0.5 · Patch size 7 · seed 1");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Runs_can_be_selected_without_a_pointer()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("exploration of an experiment"));

        await browser.TestId("range-name").SelectOptionAsync("patchSize");
        await browser.TestId("range-to").FillAsync("5");
        await browser.TestId("range-to").PressAsync("Enter");

        await browser.TestId("range").ShowsAsync("Patch size 4 to 5");
        await browser.TestId("selected-runs").ShowsAsync("6 of 12 runs");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Axes_can_be_moved_turned_left_out_and_added()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("exploration of an experiment"));

        await Button(browser, "Move Mask ratio to the right").PressAsync("Enter");
        await browser.HasAddressAsync(new Regex("axes=patchSize(,|%2C)maskRatio"));
        await Button(browser, "Turn Mask ratio upside down").PressAsync("Enter");
        await browser.HasAddressAsync(new Regex("axes=patchSize(,|%2C)-maskRatio"));
        await Button(browser, "Leave out Patch size").PressAsync("Enter");
        await browser.HasAddressAsync(new Regex("axes=-maskRatio"));
        await browser.TestId("axis-add").SelectOptionAsync("seed");

        await browser.HasAddressAsync(new Regex("axes=-maskRatio.*(,|%2C)seed&"));
        await browser.TestId("parallel-chart").GetByText("Seed", new() { Exact = true }).WaitForAsync();
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Pareto_front_says_what_is_better()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("exploration of an experiment"));
        Assert.Equal(0, await browser.Page.GetByText("is not comparable across").CountAsync());
        await browser.GoAsync($"{host.AddressOf("exploration of an experiment")}&sx=train/loss");
        await browser.Page.GetByText("Training loss is not comparable across mask ratio and patch size").WaitForAsync();

        await browser.TestId("explore-pareto").CheckAsync();

        await browser.HasAddressAsync(new Regex("pareto=true", RegexOptions.IgnoreCase));
        await browser.Page.GetByText("no run is better in both, lower training loss and higher linear probe accuracy").WaitForAsync();
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Experiment_of_one_run_that_has_not_begun_can_be_explored()
    {
        var (experiment, _) = await host.Samples.AddAsync(_ => RunState.Queued, TestContext.Current.CancellationToken, """{"name":"one run","preset":"nano"}""");
        await using var browser = await chromium.OpenAsync(host.Door);

        await browser.GoAsync($"/experiments/{experiment}?tab=explore");

        await browser.TestId("selected-runs").ShowsAsync("The one run");
        await browser.TestId("explore").ShowsAsync("Lines appear with the first results");
        Assert.Empty(browser.Problems);
    }

    [Theory]
    [InlineData("experiment", "Linear probe accuracy by mask ratio", "mask-ratio-x-patch-size_probe-linear-accuracy", "Patch size 7")]
    [InlineData("curves of an experiment", "Curves", "mask-ratio-x-patch-size_train-loss", "Mask ratio 0.75")]
    [InlineData("exploration of an experiment", "Parallel coordinates", "mask-ratio-x-patch-size_parallel-coordinates_probe-linear-accuracy", "Training loss")]
    [InlineData("exploration of an experiment", "Scatter", "mask-ratio-x-patch-size_probe-linear-accuracy_by_progress-elapsed-s", "Linear probe accuracy")]
    [InlineData("exploration of an experiment", "Linear probe accuracy by each factor", "mask-ratio-x-patch-size_probe-linear-accuracy_by_maskratio", "Mask ratio")]
    [InlineData("complete run", "Training loss", "mask-ratio-x-patch-size_run-0_train-loss", "Step")]
    [InlineData("gallery of an experiment", "Errors of the removed patches", "mask-ratio-x-patch-size_errors-of-removed-patches", "Patch size 7")]
    [InlineData("gallery of an experiment", "Error by distance", "mask-ratio-x-patch-size_error-by-distance", "Patch size 7")]
    [InlineData("layers of an experiment", "Behind the numbers", "mask-ratio-x-patch-size_similarity-of-layers_mask-ratio-0-5-patch-size-4-seed-0", "1.00")]
    public async Task Every_chart_can_be_saved(string page, string region, string name, string text)
    {
        await using var browser = await chromium.OpenAsync(host.Door, scheme: ColorScheme.Dark);
        await browser.GoAsync(host.AddressOf(page));
        await browser.Page.GetByRole(AriaRole.Region, new() { Name = region }).Locator(".chart :is(svg, canvas)").First.WaitForAsync();

        var svg = await SavedChart.UntilAsync(browser, region, chart => chart.Text.Contains(text, StringComparison.Ordinal));
        var png = await SavedChart.TakeAsync(browser, region, "PNG");

        Assert.Equal($"{name}.svg", svg.Name);
        Assert.Equal("svg", svg.Svg.Name.LocalName);
        // A paper is white, whatever the page is.
        Assert.Equal("#fff", svg.Svg.Elements().First().Attribute("fill")!.Value);
        Assert.DoesNotContain("NaN", svg.Svg.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("light-dark", svg.Svg.ToString(), StringComparison.Ordinal);
        Assert.Equal($"{name}.png", png.Name);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png.Content[..4]);
        Assert.Empty(browser.Problems);
    }

    private static ILocator Button(BrowserPage browser, string name) => browser.Page.GetByRole(AriaRole.Button, new() { Name = name });

    private static async Task<LocatorBoundingBoxResult> BoxAsync(BrowserPage browser, string chart)
    {
        await browser.TestId(chart).Locator("svg path").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await browser.TestId(chart).ScrollIntoViewIfNeededAsync();
        return (await browser.TestId(chart).BoundingBoxAsync())!;
    }

    private static async Task DragAsync(BrowserPage browser, (float X, float Y) from, (float X, float Y) to)
    {
        await browser.Page.Mouse.MoveAsync(from.X, from.Y);
        await browser.Page.Mouse.DownAsync();
        await browser.Page.Mouse.MoveAsync(to.X, to.Y, new() { Steps = 5 });
        await browser.Page.Mouse.UpAsync();
    }
}
