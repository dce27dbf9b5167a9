using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>Every page, wide and narrow, light and dark: it comes alive, nothing fails behind it, and it fits.</summary>
public sealed class SmokeTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    [Theory]
    [InlineData("experiments", "Experiments")]
    [InlineData("experiment", "Mask ratio x patch size")]
    [InlineData("curves of an experiment", "Mask ratio x patch size")]
    [InlineData("gallery of an experiment", "Mask ratio x patch size")]
    [InlineData("gallery with all said in the address", "Mask ratio x patch size")]
    [InlineData("gallery with an address mistyped", "Mask ratio x patch size")]
    [InlineData("exploration of an experiment", "Mask ratio x patch size")]
    [InlineData("exploration with all said in the address", "Mask ratio x patch size")]
    [InlineData("theory of an experiment", "Mask ratio x patch size")]
    [InlineData("theory with all said in the address", "Mask ratio x patch size")]
    [InlineData("theory with an address mistyped", "Mask ratio x patch size")]
    [InlineData("theory", "From paper to probe")]
    [InlineData("runs of an experiment", "Mask ratio x patch size")]
    [InlineData("statistics of an experiment", "Mask ratio x patch size")]
    [InlineData("statistics of a value mistyped", "Mask ratio x patch size")]
    [InlineData("matrix at equal compute", "Mask ratio x patch size")]
    [InlineData("experiment with all said in the address", "Mask ratio x patch size")]
    [InlineData("new experiment", "New experiment")]
    [InlineData("clone", "New experiment")]
    [InlineData("runs", "Runs")]
    [InlineData("runs with all said in the address", "Runs")]
    [InlineData("comparison", "Compare runs")]
    [InlineData("comparison of nothing", "Compare runs")]
    [InlineData("clone of a run", "New experiment")]
    [InlineData("complete run", "Mask ratio x patch size #0")]
    [InlineData("failed run", "Mask ratio x patch size #7")]
    [InlineData("running run", "Mask ratio x patch size #8")]
    [InlineData("queued run", "Mask ratio x patch size #10")]
    [InlineData("runs with an address mistyped", "Runs")]
    [InlineData("runners", "Runners")]
    [InlineData("webhooks", "Webhooks")]
    [InlineData("tokens", "API tokens")]
    [InlineData("audit", "Audit log")]
    [InlineData("no such run", "Run")]
    [InlineData("no such experiment", "Experiment")]
    public async Task Page_works_at_every_size_and_in_both_themes(string page, string heading)
    {
        foreach (var (width, height, scheme) in new[] { (1440, 900, ColorScheme.Light), (400, 800, ColorScheme.Dark) })
        {
            await using var browser = await chromium.OpenAsync(host.Door, width, height, scheme);

            await browser.GoAsync(host.AddressOf(page));

            Assert.Equal(heading, await browser.Page.Locator("h1").InnerTextAsync());
            Assert.Equal(0, await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
            Assert.Empty(browser.Problems);
        }
    }

    [Theory]
    [InlineData("curves of an experiment", "line-chart")]
    [InlineData("complete run", "line-chart")]
    public async Task Curves_are_drawn(string page, string chart)
    {
        await using var browser = await chromium.OpenAsync(host.Door);

        await browser.GoAsync(host.AddressOf(page));

        // Axes alone leave a few thousand painted pixels; curves of a dozen runs many more.
        await browser.Page.WaitForFunctionAsync(
            """
            chart => {
              const canvas = document.querySelector(`[data-testid=${chart}] canvas`);
              if (!canvas || canvas.width === 0) return false;
              const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              let colored = 0;
              for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3] > 100 && Math.abs(pixels[i] - pixels[i + 2]) > 60) colored++;
              return colored > 500;
            }
            """,
            chart);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Page_of_a_run_says_where_its_points_are()
    {
        await using var browser = await chromium.OpenAsync(host.Door);

        await browser.GoAsync(host.AddressOf("complete run"));

        Assert.Matches("^All [0-9,]+ points that were logged are stored.$", await browser.Page.GetByTestId("ledger").InnerTextAsync());
    }

    [Fact]
    public async Task Slice_has_a_line_for_every_level()
    {
        await using var browser = await chromium.OpenAsync(host.Door);

        await browser.GoAsync(host.AddressOf("experiment"));

        // Four points and three error bars beside axes and grid.
        await browser.Page.WaitForFunctionAsync("() => document.querySelectorAll('[data-testid=slice-chart] svg path').length > 12");
        await browser.Page.GetByRole(AriaRole.Region, new() { Name = "Linear probe accuracy by mask ratio" }).GetByText("Patch size 7", new() { Exact = true }).WaitForAsync();
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Reconstructions_are_there_and_not_smoothed()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("complete run"));

        var image = browser.TestId("reconstructions").Locator("img").First;
        await image.ScrollIntoViewIfNeededAsync();
        await browser.Page.WaitForFunctionAsync("() => document.querySelector('[data-testid=reconstructions] img').naturalWidth === 28");

        Assert.Equal(8 * 5, await browser.TestId("reconstructions").Locator("img").CountAsync());
        Assert.Equal("pixelated", await image.EvaluateAsync<string>("image => getComputedStyle(image).imageRendering"));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Unknown_address_says_so()
    {
        await using var browser = await chromium.OpenAsync(host.Door);

        var response = await browser.Page.GotoAsync("/nowhere");

        Assert.Equal(404, response!.Status);
        Assert.Equal("Not found", await browser.Page.Locator("h1").InnerTextAsync());
    }
}
