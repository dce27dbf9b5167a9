using System.Globalization;
using System.Text.RegularExpressions;
using System.Web;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Presentation;
using MaeLab.Web.Tests.Sample;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

public sealed class CurvesTabTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private const string Curves = "Curves";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spike_of_one_step_in_ten_thousand_is_drawn()
    {
        const string metric = "probe/spiky";
        const int spike = 5_003;
        var (experiment, runs) = await host.Samples.AddAsync(_ => RunState.Assigned, Cancel, """{"name":"one spike","preset":"nano"}""");
        await SamplePoints.WriteAsync(
            host.Database.Contexts, runs[0], metric, [.. Enumerable.Range(1, 10_000).Select(step => ((long)step, step == spike ? 7.0 : 1 + (0.1 * (step % 2))))], Cancel);
        await using var browser = await chromium.OpenAsync(host.Door);

        await browser.GoAsync($"/experiments/{experiment}?tab=curves&curve={Uri.EscapeDataString(metric)}");
        await DrawnAsync(browser, 1);

        // Cut off so that the others keep their shape, and marked at the upper edge in the colour of its run (#0072b2).
        // The words about the chart are there before its canvas is made and its points have come.
        var drawn = await browser.Page.WaitForFunctionAsync(
            """
            () => {
              const canvas = document.querySelector('[data-testid=line-chart] canvas');
              if (!canvas || canvas.width === 0) return null;
              const over = document.querySelector('[data-testid=line-chart] .u-over');
              const { data } = canvas.getContext('2d').getImageData(over.offsetLeft, over.offsetTop + 4, over.offsetWidth, 6);
              const found = [];
              for (let i = 0; i < data.length; i += 4) if (data[i] === 0 && data[i + 1] === 114 && data[i + 2] === 178 && data[i + 3] === 255) found.push(Math.round(10000 * ((i / 4) % over.offsetWidth) / over.offsetWidth));
              return found.length > 0 && found;
            }
            """);
        var marks = await drawn.JsonValueAsync<int[]>();
        // A step is a tenth of a pixel wide; the mark, ten pixels.
        Assert.All(marks, step => Assert.InRange(step, spike - 200, spike + 200));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Smoothing_is_in_the_address_and_keeps_the_values_behind()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("curves of an experiment"));
        await DrawnAsync(browser, 10);
        Assert.DoesNotContain(0.3, (await SavedChart.TakeAsync(browser, Curves, "SVG")).LineOpacities);

        await browser.TestId("curve-smoothing").FillAsync("20");

        await browser.HasAddressAsync(new Regex("smooth=0.9(&|$)"));
        await browser.TestId("curves").ShowsAsync("Faint: the values themselves.");
        await SavedChart.UntilAsync(browser, Curves, chart => chart.LineOpacities.Count(opacity => opacity == 0.3) == 10);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Zoom_is_in_the_address_survives_a_reload_and_is_taken_back_by_key()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("curves of an experiment"));
        await DrawnAsync(browser, 10);
        var plot = (await browser.Page.Locator("[data-testid=line-chart] .u-over").BoundingBoxAsync())!;
        await browser.Page.Mouse.MoveAsync(plot.X + (plot.Width / 2), plot.Y + 100);
        await browser.Page.Mouse.DownAsync();
        await browser.Page.Mouse.MoveAsync(plot.X + (plot.Width * 3 / 4), plot.Y + 100, new() { Steps = 5 });
        await browser.Page.Mouse.UpAsync();
        await browser.HasAddressAsync(new Regex("from=1[0-9.]+&to=2[0-9.]+"));

        await browser.Page.ReloadAsync();
        await browser.InteractiveAsync();
        await browser.TestId("curve-zoom").ShowsAsync("Step 15");
        await DrawnAsync(browser, 9);
        var zoomed = await SavedChart.TakeAsync(browser, Curves, "SVG");
        await browser.TestId("curve-zoom").PressAsync("Enter");

        Assert.DoesNotContain("\n100\n", zoomed.Text, StringComparison.Ordinal);
        await browser.HasAddressAsync(new Regex("tab=curves(?!.*from=)"));
        await SavedChart.UntilAsync(browser, Curves, chart => chart.Text.Contains("\n100\n", StringComparison.Ordinal));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Keys_zoom_and_move_along_and_the_server_is_asked_for_finer_buckets()
    {
        const string metric = "probe/long";
        var (experiment, runs) = await host.Samples.AddAsync(_ => RunState.Assigned, Cancel, """{"name":"long","preset":"nano"}""");
        await SamplePoints.WriteAsync(host.Database.Contexts, runs[0], metric, [.. Enumerable.Range(0, 10_001).Select(step => ((long)step, Math.Sin(step)))], Cancel);
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.ChangeScriptAsync("lineChart", "state.series = series;", "state.series = series; window.chart = state;");
        await browser.GoAsync($"/experiments/{experiment}?tab=curves&curve={Uri.EscapeDataString(metric)}");
        await DrawnAsync(browser, 1);
        var chart = browser.TestId("line-chart");

        await ShowsAsync(null);
        await chart.PressAsync("+");
        await ShowsAsync((2500, 7500));
        await chart.PressAsync("+");
        await ShowsAsync((3750, 6250));
        await chart.PressAsync("ArrowRight");
        await ShowsAsync((4375, 6875));
        await chart.PressAsync("ArrowLeft");
        await ShowsAsync((3750, 6250));
        await chart.PressAsync("-");
        await ShowsAsync((2500, 7500));
        await chart.PressAsync("0");
        await ShowsAsync(null);
        Assert.Empty(browser.Problems);

        // Give or take a bucket: the ends of the curve are those of its buckets.
        async Task ShowsAsync((double From, double To)? stretch)
        {
            await browser.Page.WaitForFunctionAsync(
                """
                stretch => {
                  const query = new URLSearchParams(location.search);
                  return stretch ? ['from', 'to'].every((name, i) => query.has(name) && Math.abs(query.get(name) - stretch[i]) < 20) : !query.has('from');
                }
                """,
                stretch is { } asked ? new[] { asked.From, asked.To } : null);
            var query = HttpUtility.ParseQueryString(new Uri(browser.Page.Url).Query);
            var words = stretch is null ? "against step$" : $"against step, step {Words(query["from"])} to {Words(query["to"])}$";
            await Assertions.Expect(chart).ToHaveAttributeAsync("aria-label", new Regex(words));
            // As many buckets as of the whole, of the stretch alone.
            await browser.Page.WaitForFunctionAsync(
                """
                () => {
                  if (!window.chart?.curves[0]) return false;
                  const [from, to] = window.chart.view;
                  const shown = window.chart.curves[0].x.filter(step => step >= from && step <= to).length;
                  return shown > 550 && shown <= 601;
                }
                """);
        }

        static string Words(string? value) => Format.Number(double.Parse(value!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Mean_of_a_cell_has_a_band_and_says_how_many_seeds_it_is_over()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("curves of an experiment"));

        await browser.TestId("curve-group").SelectOptionAsync("cell");

        await browser.HasAddressAsync(new Regex("group=cell"));
        await browser.TestId("curves").ShowsAsync("95 % interval");
        await SavedChart.UntilAsync(browser, Curves, chart => chart.FillOpacities.Any(opacity => opacity == 0.2));
        await browser.Page.Locator("[data-testid=line-chart] .u-over").HoverAsync();
        await browser.Page.Locator(".chart-tooltip").ShowsAsync("n = 2");
        await browser.Page.Locator(".chart-tooltip").ShowsAsync("Mask ratio 0.5 · Patch size 4");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Hover_shows_all_runs_the_nearest_first()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("curves of an experiment"));
        await DrawnAsync(browser, 10);

        var plot = browser.Page.Locator("[data-testid=line-chart] .u-over");
        await plot.HoverAsync(new() { Position = new() { X = 120, Y = 10 } });

        await Assertions.Expect(browser.Page.Locator(".chart-tooltip .nearest")).ToHaveCountAsync(1);
        await Assertions.Expect(browser.Page.Locator(".chart-tooltip div:has(i)")).ToHaveCountAsync(10);
        // The cursor is above all curves: what is nearest is the largest, and the rest falls.
        var values = (await browser.Page.Locator(".chart-tooltip div:has(i) b").AllInnerTextsAsync()).Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(values.OrderDescending(), values);
        Assert.Empty(browser.Problems);
    }

    [Theory]
    [InlineData("logx=true&log=true")]
    [InlineData("x=progress%2Fvisible_tokens&logx=true&smooth=0.97")]
    [InlineData("x=train%2Flearning_rate&group=maskRatio")]
    [InlineData("smooth=many&from=9&to=1&group=nothing&logx=perhaps&color=none&x=no%2Fseries")]
    public async Task Any_axis_and_any_address_can_be_shown(string view)
    {
        await using var browser = await chromium.OpenAsync(host.Door);

        await browser.GoAsync($"{host.AddressOf("curves of an experiment")}&{view}");

        await browser.TestId("curves").GetByText("Training loss", new() { Exact = true }).First.WaitForAsync();
        await browser.Page.Locator("[data-testid=line-chart] canvas").WaitForAsync();
        await SavedChart.TakeAsync(browser, Curves, "PNG");
        Assert.Empty(browser.Problems);
    }

    [Theory]
    [InlineData("x=progress%2Fimages", 1100)]
    [InlineData("group=cell", 110)]
    [InlineData("x=probe%2Fknown", 220)]
    public async Task What_comes_is_added_to_what_is_drawn_and_nothing_is_loaded_anew(string view, double end)
    {
        var (experiment, runs) = await host.Samples.AddAsync(_ => RunState.Assigned, Cancel, """{"name":"growing","preset":"nano"}""");
        await WriteAsync(100);
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.ChangeScriptAsync("lineChart", "state.series = series;", "state.series = series; window.chart = state; window.loads = (window.loads ?? 0) + 1;");
        await browser.GoAsync($"/experiments/{experiment}?tab=curves&curve=probe%2Fgrowing&{view}");
        await browser.Page.WaitForFunctionAsync("() => window.chart?.curves[0]?.x.length > 0");
        var loads = await browser.Page.EvaluateAsync<int>("window.loads");

        await WriteAsync(110);

        await browser.Page.WaitForFunctionAsync("end => { const curve = window.chart.curves[0]; return curve.x.at(-1) === end && curve.last.length === curve.x.length; }", end);
        Assert.Equal(loads, await browser.Page.EvaluateAsync<int>("window.loads"));
        Assert.Empty(browser.Problems);

        async Task WriteAsync(int steps)
        {
            foreach (var (metric, factor) in new[] { (SeriesNames.Images, 10), ("probe/known", 2), ("probe/growing", 1) })
            {
                await SamplePoints.WriteAsync(host.Database.Contexts, runs[0], metric, [.. Enumerable.Range(1, steps).Select(step => ((long)step, (double)factor * step))], Cancel);
            }
        }
    }

    private static async Task DrawnAsync(BrowserPage browser, int runs)
    {
        await Assertions.Expect(browser.TestId("line-chart")).ToHaveAttributeAsync("aria-label", new Regex($"of {runs} (run|groups)"));
        await Assertions.Expect(browser.Page.Locator("[data-testid=line-chart] canvas")).ToBeVisibleAsync();
    }
}
