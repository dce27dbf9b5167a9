using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Experiment;

namespace MaeLab.Web.Tests.Features;

public sealed class MatrixTests
{
    private static readonly Axis[] s_axes = [new("maskRatio", ["0.5", "0.75"]), new("patchSize", ["4", "7"]), new("decoder.depth", ["1", "2"])];

    [Fact]
    public void Cell_of_a_star_holds_only_runs_at_the_baseline_of_the_other_factors()
    {
        var runs = new SampleRuns()
            .Add(0.80, 0, Levels(0.75, 4, 1), isBaseline: true)
            .Add(0.70, 0, Levels(0.5, 4, 1))
            .Add(0.60, 0, Levels(0.75, 7, 1))
            .Add(0.10, 0, Levels(0.75, 4, 2));
        var query = Query().HoldingBaseline(AblationDesign.Star, s_axes, runs.All);

        var matrix = runs.Matrix(s_axes, query);

        var baseline = Assert.Single(matrix.Cells, cell => cell.IsBaseline);
        Assert.Equal(("4", "0.75", 0.80, 1), (baseline.Row, baseline.Column, baseline.Value!.Mean, baseline.Value.Count));
        Assert.Equal("1", query.Fixed["decoder.depth"]);
        Assert.Equal(["maskRatio", "patchSize"], matrix.Varied);
    }

    [Fact]
    public void Another_level_of_a_star_can_be_held()
    {
        var runs = new SampleRuns().Add(0.80, 0, Levels(0.75, 4, 1), isBaseline: true).Add(0.10, 0, Levels(0.75, 4, 2));
        var query = Query(new Dictionary<string, string> { ["decoder.depth"] = "2" }).HoldingBaseline(AblationDesign.Star, s_axes, runs.All);

        var value = Assert.Single(runs.Matrix(s_axes, query).Cells, cell => cell.Value is not null).Value!;

        Assert.Equal(0.10, value.Mean);
    }

    [Fact]
    public void Grid_averages_other_factors_within_each_seed_so_that_the_interval_is_over_seeds()
    {
        // Two depths far apart, two seeds 0.02 apart: the interval must not hold what the depth does.
        var runs = new SampleRuns()
            .Add(0.40, 0, Levels(0.75, 4, 1)).Add(0.80, 0, Levels(0.75, 4, 2))
            .Add(0.42, 1, Levels(0.75, 4, 1)).Add(0.82, 1, Levels(0.75, 4, 2));
        var query = Query().HoldingBaseline(AblationDesign.Grid, s_axes, runs.All);

        var value = Assert.Single(runs.Matrix(s_axes, query).Cells, cell => cell.Value is not null).Value!;

        Assert.Equal((2, 0.61), (value.Count, Math.Round(value.Mean, 12)));
        // Student's t at 0.975 with 1 degree of freedom times half the distance.
        Assert.Equal(12.706204736432095 * 0.01, value.High!.Value - value.Mean, 9);
    }

    [Theory]
    [InlineData(SeriesNames.LinearAccuracy, false, true)]
    [InlineData(SeriesNames.TrainLoss, false, false)]
    [InlineData(SeriesNames.TrainLoss, true, true)]
    public void No_cell_is_best_where_cells_do_not_measure_the_same(string metric, bool held, bool ranked)
    {
        var runs = new SampleRuns().Add(0.1, 0, Levels(0.5, 4, 1)).Add(0.2, 0, Levels(0.75, 4, 1)).Add(0.3, 0, Levels(0.75, 4, 2));
        Axis[] axes = [new("maskRatio", ["0.5", "0.75"]), new("decoder.depth", ["1", "2"])];
        var query = held
            ? MatrixQuery.Create(axes, Axis.SeedField, "decoder.depth", metric, [metric], fixedLevels: new Dictionary<string, string> { ["maskRatio"] = "0.75" })
            : MatrixQuery.Create(axes, "decoder.depth", "maskRatio", metric, [metric]);

        var matrix = runs.Matrix(axes, query);

        Assert.Equal(ranked, matrix.IsRanked);
        Assert.Equal(ranked, matrix.BestCell() is not null);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 3)]
    [InlineData(4, 0)]
    public void Slice_shows_single_seeds_where_they_are_few(int seeds, int shown)
    {
        var runs = new SampleRuns();
        foreach (var seed in Enumerable.Range(0, seeds))
        {
            runs.Add(0.5 + (0.01 * seed), seed, Levels(0.75, 4, 1));
        }

        var slice = SliceOf.Matrix(runs.Matrix(s_axes, Query()));

        Assert.Equal(shown, Assert.Single(slice.Series.SelectMany(line => line.Points)).Seeds.Count);
    }

    [Theory]
    [InlineData("patchSize", null)]
    [InlineData(null, "patchSize")]
    public void Factor_that_becomes_a_side_is_no_longer_held(string? rows, string? columns)
    {
        var held = new Dictionary<string, string> { ["patchSize"] = "7", ["decoder.depth"] = "1" };

        var query = MatrixQuery.Create(s_axes, rows, columns, null, [], fixedLevels: held);

        Assert.DoesNotContain("patchSize", query.Fixed.Keys);
        Assert.Equal(query.Rows == "decoder.depth" || query.Columns == "decoder.depth" ? 0 : 1, query.Fixed.Count);
    }

    private static MatrixQuery Query(IReadOnlyDictionary<string, string>? held = null) =>
        MatrixQuery.Create(s_axes, "patchSize", "maskRatio", SeriesNames.LinearAccuracy, [], fixedLevels: held);

    private static JsonObject Levels(double maskRatio, int patchSize, int decoderDepth) =>
        new() { ["maskRatio"] = maskRatio, ["patchSize"] = patchSize, ["decoder.depth"] = decoderDepth };
}
