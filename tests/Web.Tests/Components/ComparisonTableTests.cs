using System.Text.Json.Nodes;
using Bunit;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Tests.Features;

namespace MaeLab.Web.Tests.Components;

public sealed class ComparisonTableTests : ComponentTest
{
    private static readonly Axis[] s_axes = [new("maskRatio", ["0.5", "0.75", "0.9"])];

    [Fact]
    public void Row_shows_difference_tests_and_verdict_in_words()
    {
        var row = Render(seeds: 7).FindAll("[data-testid=comparison]")[0];

        Assert.Equal("Mask ratio 0.5", row.QuerySelector("th")!.TextContent);
        Assert.StartsWith("+1.30 % (", row.QuerySelector(".difference")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("better", row.QuerySelector(".verdict b")!.TextContent);
        // The zero line, the interval with its two ends, and the mean.
        Assert.Equal((4, 1), (row.QuerySelectorAll("svg line").Length, row.QuerySelectorAll("svg circle").Length));
    }

    [Fact]
    public void Row_without_seeds_enough_says_how_many_it_has_of_how_many()
    {
        var row = Render(seeds: 3).FindAll("[data-testid=comparison]")[0];

        Assert.Equal("not enough seeds", row.QuerySelector(".verdict b")!.TextContent);
        Assert.Equal("3 of 7 seeds", row.QuerySelector(".verdict span")!.TextContent);
    }

    [Fact]
    public void Cell_without_values_has_dashes_and_no_bar()
    {
        var row = Render(seeds: 7).FindAll("[data-testid=comparison]")[1];

        Assert.Equal("–", row.QuerySelector(".difference")!.TextContent);
        Assert.Empty(row.QuerySelectorAll("svg circle"));
    }

    private IRenderedComponent<ComparisonTable> Render(int seeds)
    {
        var runs = new SampleRuns();
        foreach (var seed in Enumerable.Range(0, seeds))
        {
            runs.Add(0.8, seed, Levels(0.75), isBaseline: true).Add(0.81 + (0.001 * seed), seed, Levels(0.5)).Add(double.NaN, seed, Levels(0.9));
        }

        var comparisons = runs.Results(s_axes, SeriesNames.LinearAccuracy).Compare(null)!;
        return Context.Render<ComparisonTable>(parameters => parameters
            .Add(component => component.Comparisons, comparisons)
            .Add(component => component.Rows, comparisons.Rows));
    }

    private static JsonObject Levels(double maskRatio) => new() { ["maskRatio"] = maskRatio };
}
