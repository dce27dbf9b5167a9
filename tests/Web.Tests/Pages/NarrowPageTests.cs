using System.Text.Json.Nodes;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Features.Experiment;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>A phone's width: whatever is written and however much there is, no page is wider than the screen, and all of its tabs can be seen.</summary>
public sealed class NarrowPageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private const int Width = 400;

    /// <summary>What no browser breaks by itself.</summary>
    private const string LongWord = "mask_ratio_by_patch_size_by_decoder_depth_with_random_cropping_and_without_weight_decay";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Long_words_widen_no_tab_of_an_experiment_and_no_run()
    {
        var definition = new JsonObject
        {
            ["name"] = LongWord,
            ["description"] = string.Join(' ', Enumerable.Repeat(LongWord, 3)),
            ["tags"] = new JsonArray(LongWord[..40]),
            ["preset"] = "nano",
            ["axes"] = JsonNode.Parse("""{"maskRatio":[0.1,0.2,0.3,0.4,0.5,0.6,0.75,0.8,0.9],"maskSampler":["random","block","grid"],"decoder.depth":[1,2]}"""),
        };
        var (experiment, runs) = await host.Samples.AddAsync(index => index % 5 == 4 ? RunState.Failed : RunState.Completed, Cancel, definition.ToJsonString());
        await using var browser = await chromium.OpenAsync(host.Door, Width, 800, ColorScheme.Light);

        foreach (var address in Enum.GetNames<ExperimentTab>().Select(tab => $"/experiments/{experiment}?tab={tab.ToLowerInvariant()}")
            .Concat(["/", "/runs", $"/runs/{runs[0]}", $"/runs/{runs[4]}", $"/runs/diff?run={runs[0]}&run={runs[4]}", $"/experiments/new?from={experiment}", "/runners"]))
        {
            await browser.GoAsync(address);
            await FitsAsync(browser, address);
        }
    }

    [Fact]
    public async Task Every_tab_is_within_the_screen()
    {
        await using var browser = await chromium.OpenAsync(host.Door, Width, 800, ColorScheme.Dark);

        foreach (var tab in Enum.GetNames<ExperimentTab>())
        {
            await browser.GoAsync($"{host.AddressOf("experiment")}?tab={tab.ToLowerInvariant()}");
            foreach (var link in await browser.Page.Locator(".tabs a").AllAsync())
            {
                var box = (await link.BoundingBoxAsync())!;
                Assert.InRange(box.X, 0, Width - box.Width);
            }
        }
    }

    [Theory]
    [InlineData("attention in an experiment")]
    [InlineData("examined run")]
    [InlineData("theory job")]
    public async Task Page_is_as_wide_as_the_screen(string page)
    {
        await using var browser = await chromium.OpenAsync(host.Door, Width, 800, ColorScheme.Dark);

        await browser.GoAsync(host.AddressOf(page));

        await FitsAsync(browser, page);
    }

    /// <summary>What a mouse scrolls must be scrolled by arrows too, whether or not something in it can be focused: that need not be where one wants to look.</summary>
    [Fact]
    public async Task Every_area_that_scrolls_can_be_focused()
    {
        await using var browser = await chromium.OpenAsync(host.Door, Width, 800);

        foreach (var page in new[]
        {
            "experiment", "statistics of an experiment", "runs of an experiment", "gallery of an experiment", "attention in an experiment", "runs", "comparison", "complete run", "failed run",
            "theory job", "runners", "webhooks", "tokens", "audit",
        })
        {
            await browser.GoAsync(host.AddressOf(page));
            var mute = await browser.Page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('main *')].filter(area => {
                  const style = getComputedStyle(area), scrolls = overflow => ['auto', 'scroll'].includes(overflow);
                  return (scrolls(style.overflowX) && area.scrollWidth > area.clientWidth + 1 || scrolls(style.overflowY) && area.scrollHeight > area.clientHeight + 1) && area.tabIndex < 0 && area.checkVisibility({ visibilityProperty: true });
                }).map(area => `${area.tagName.toLowerCase()}.${area.className}`)
                """);
            Assert.True(mute.Length == 0, $"{page}: {string.Join(", ", mute)}");
        }
    }

    /// <summary>To the bottom: some parts are drawn when they come into view.</summary>
    private static async Task FitsAsync(BrowserPage browser, string what)
    {
        var beyond = await browser.Page.EvaluateAsync<int>(
            """
            async () => {
              for (let y = 0; y < document.body.scrollHeight; y += 600) { scrollTo(0, y); await new Promise(requestAnimationFrame); }
              return document.documentElement.scrollWidth - document.documentElement.clientWidth;
            }
            """);
        Assert.True(beyond == 0, $"{what} is {beyond} pixels wider than the screen.");
        Assert.Empty(browser.Problems);
    }
}
