using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Experiment;
using MathNet.Numerics.Distributions;

namespace MaeLab.Web.Tests.Features;

public sealed class FactorEffectTests
{
    private static readonly Axis[] s_axes = [new("maskRatio", ["0.5", "0.75"]), new("decoder.depth", ["1", "2", "4"])];

    [Fact]
    public void Marginal_means_are_over_what_every_level_was_run_with()
    {
        // At depth 2 only one of the mask ratios is there, and a poor one: it must not count against that ratio.
        var runs = new SampleRuns()
            .Add(0.70, 0, Levels(0.5, 1)).Add(0.80, 0, Levels(0.75, 1)).Add(0.10, 0, Levels(0.75, 2))
            .Add(0.72, 1, Levels(0.5, 1)).Add(0.84, 1, Levels(0.75, 1)).Add(0.10, 1, Levels(0.75, 2));

        var effects = MarginalEffects.Of(runs.Results(s_axes, SeriesNames.LinearAccuracy));

        var ratio = effects.Single(effect => effect.Field == "maskRatio");
        Assert.Equal(1, ratio.Combinations);
        Assert.Equal([("0.5", 0.71, 2), ("0.75", 0.82, 2)], ratio.Levels.Select(level => (level.Level, Math.Round(level.Mean.Mean, 12), level.Mean.Count)));
        // Depth 4 was never run; 1 and 2 are set side by side at mask ratio 0.75.
        Assert.Equal(["1", "2"], effects.Single(effect => effect.Field == "decoder.depth").Levels.Select(level => level.Level));
    }

    [Fact]
    public void Factor_without_two_levels_side_by_side_has_no_effect_to_show()
    {
        var runs = new SampleRuns().Add(0.70, 0, Levels(0.5, 1)).Add(0.80, 1, Levels(0.75, 1));

        Assert.Empty(MarginalEffects.Of(runs.Results(s_axes, SeriesNames.LinearAccuracy)));
    }

    [Fact]
    public void Parallel_lines_have_no_interaction_and_a_bent_one_has_where_it_bends()
    {
        Assert.Equal(0, Interaction.Largest(Grid(bend: 0))!.Departure.Mean, tolerance: 1e-12);

        var largest = Interaction.Largest(Grid(bend: 0.12))!;

        // One cell of 3 x 3 raised by b departs by b (1 - 1/3)(1 - 1/3); with two rows the other one would depart as far.
        Assert.Equal(("2", "0.75"), (largest.Cell.Column, largest.Cell.Row));
        Assert.Equal(0.12 * 4 / 9, largest.Departure.Mean, tolerance: 1e-12);
        Assert.Equal(2, largest.Departure.Count);
    }

    /// <summary>Of nine cells the largest is looked at: with an interval made for one of them, zero would lie outside of it in 17 % of these.</summary>
    [Fact]
    public void Interval_of_the_largest_interaction_leaves_zero_out_by_chance_at_most_once_in_twenty()
    {
        var random = new Random(20220206);
        const int Matrices = 1000;

        var wrong = Enumerable.Range(0, Matrices).Count(_ =>
        {
            var departure = Interaction.Largest(Grid(bend: 0, seeds: 4, () => Normal.Sample(random, 0, 0.01)))!.Departure;
            return departure.Low > 0 || departure.High < 0;
        });

        // 5 %, and three standard errors of a count of so many.
        Assert.InRange(wrong, 0, Matrices * (0.05 + (3 * Math.Sqrt(0.05 * 0.95 / Matrices))));
    }

    [Fact]
    public void Interaction_is_not_told_of_a_matrix_with_a_gap()
    {
        var runs = new SampleRuns().Add(0.7, 0, Levels(0.5, 1)).Add(0.7, 1, Levels(0.5, 1));

        Assert.Null(Interaction.Largest(runs.Matrix(s_axes, Query())));
    }

    private static Matrix Grid(double bend, int seeds = 2, Func<double>? noise = null)
    {
        Axis[] axes = [new("maskRatio", ["0.5", "0.6", "0.75"]), s_axes[1]];
        var runs = new SampleRuns();
        foreach (var (ratio, depth, seed) in from ratio in new[] { 0.5, 0.6, 0.75 } from depth in new[] { 1, 2, 4 } from seed in Enumerable.Range(0, seeds) select (ratio, depth, seed))
        {
            runs.Add(ratio + (0.1 * depth) + (0.01 * seed) + (ratio == 0.75 && depth == 2 ? bend : 0) + (noise?.Invoke() ?? 0), seed, Levels(ratio, depth));
        }

        return runs.Matrix(axes, Query());
    }

    private static MatrixQuery Query() => MatrixQuery.Create(s_axes, "maskRatio", "decoder.depth", SeriesNames.LinearAccuracy, []);

    private static JsonObject Levels(double maskRatio, int depth) => new() { ["maskRatio"] = maskRatio, ["decoder.depth"] = depth };
}
