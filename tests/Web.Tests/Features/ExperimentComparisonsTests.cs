using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Experiment;

namespace MaeLab.Web.Tests.Features;

public sealed class ExperimentComparisonsTests
{
    private static readonly Axis[] s_axes = [new("maskRatio", ["0.5", "0.75"]), new("decoder.depth", ["1", "2"])];

    [Theory]
    [InlineData(SeriesNames.LinearAccuracy, 1, Finding.Better)]
    [InlineData(SeriesNames.LinearAccuracy, -1, Finding.Worse)]
    [InlineData(SeriesNames.GradientNorm, 1, Finding.Higher)]
    public void Finding_is_in_the_terms_of_the_metric(string metric, int sign, Finding finding)
    {
        var runs = new SampleRuns();
        foreach (var seed in Enumerable.Range(0, 6))
        {
            runs.Add(0.5, seed, Levels(0.75, 1), isBaseline: true).Add(0.5 + (sign * (0.1 + (0.01 * seed))), seed, Levels(0.5, 1));
        }

        Assert.Equal(finding, Assert.Single(runs.Results(s_axes, metric).Compare(null)!.Rows).Finding);
    }

    [Fact]
    public void Loss_is_neither_better_nor_worse_where_the_two_cells_do_not_measure_the_same()
    {
        var runs = new SampleRuns();
        foreach (var seed in Enumerable.Range(0, 7))
        {
            runs.Add(0.5, seed, Levels(0.75, 1), isBaseline: true).Add(0.4, seed, Levels(0.5, 1)).Add(0.4, seed, Levels(0.75, 2));
        }

        // Another mask ratio is another loss; another depth of the decoder is not.
        Assert.Equal([Finding.Lower, Finding.Better], runs.Results(s_axes, SeriesNames.TrainLoss).Compare(null)!.Rows.Select(row => row.Finding));
    }

    [Fact]
    public void Runs_that_are_not_complete_take_no_part()
    {
        var runs = new SampleRuns()
            .Add(0.8, 0, Levels(0.75, 1), isBaseline: true).Add(0.7, 0, Levels(0.5, 1))
            .Add(0.8, 1, Levels(0.75, 1), isBaseline: true).Add(0.1, 1, Levels(0.5, 1), state: RunState.Running)
            .Add(double.NaN, 2, Levels(0.75, 1), isBaseline: true).Add(0.7, 2, Levels(0.5, 1));

        var comparisons = runs.Results(s_axes, SeriesNames.LinearAccuracy).Compare(null)!;

        var row = Assert.Single(comparisons.Rows);
        Assert.Equal((1, Finding.NotEnoughSeeds), (row.Comparison.Pairs, row.Finding));
        Assert.Equal(-0.1, row.Comparison.Difference!.Mean, tolerance: 1e-12);
        Assert.Equal("Mask ratio 0.5, decoder depth 1", row.Cell.Words);
    }

    [Fact]
    public void Run_restored_after_its_seed_was_queued_anew_counts_once_in_every_table()
    {
        var once = Pairs();
        var twice = Pairs().Add(0.1, 1, Levels(0.5, 1)).Add(0.2, 1, Levels(0.75, 1), isBaseline: true).Add(0.3, 2, Levels(0.5, 1), state: RunState.Running);

        var (expected, results) = (once.Results(s_axes, SeriesNames.LinearAccuracy), twice.Results(s_axes, SeriesNames.LinearAccuracy));

        Assert.Equal(expected.Compare(null)!.Rows.Select(row => row.Comparison), results.Compare(null)!.Rows.Select(row => row.Comparison));
        Assert.Equal(Means(expected), Means(results));
        var query = MatrixQuery.Create(s_axes, null, null, SeriesNames.LinearAccuracy, []);
        Assert.Equal(expected.ToMatrix(query).Cells.Select(cell => cell.Value), results.ToMatrix(query).Cells.Select(cell => cell.Value));

        static SampleRuns Pairs() => new SampleRuns()
            .Add(0.8, 0, Levels(0.75, 1), isBaseline: true).Add(0.7, 0, Levels(0.5, 1))
            .Add(0.9, 1, Levels(0.75, 1), isBaseline: true).Add(0.6, 1, Levels(0.5, 1))
            .Add(0.7, 2, Levels(0.75, 1), isBaseline: true).Add(0.5, 2, Levels(0.5, 1));
        static IEnumerable<LevelMean> Means(ExperimentResults of) => MarginalEffects.Of(of).SelectMany(effect => effect.Levels);
    }

    [Fact]
    public void Any_cell_can_be_the_reference()
    {
        var runs = new SampleRuns().Add(0.8, 0, Levels(0.75, 1), isBaseline: true).Add(0.7, 0, Levels(0.5, 1));

        var comparisons = runs.Results(s_axes, SeriesNames.LinearAccuracy).Compare(1)!;

        Assert.Equal((1, 0), (comparisons.Reference.Index, Assert.Single(comparisons.Rows).Cell.Index));
        Assert.Equal(0.1, comparisons.Rows[0].Comparison.Difference!.Mean, tolerance: 1e-12);
        Assert.Null(runs.Results(s_axes, SeriesNames.LinearAccuracy).Compare(2));
    }

    private static JsonObject Levels(double maskRatio, int depth) => new() { ["maskRatio"] = maskRatio, ["decoder.depth"] = depth };
}
