using MaeLab.Domain.Ablations;
using MaeLab.Domain.Runs;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Experiment;

/// <param name="Level">JSON literal.</param>
/// <param name="Mean">Over the seeds, each averaged over the other factors first.</param>
public sealed record LevelMean(string Level, MeanInterval Mean);

/// <summary>What one factor does by itself.</summary>
/// <param name="Combinations">Of the other factors' levels that the means are over.</param>
public sealed record MarginalEffect(string Field, int Combinations, IReadOnlyList<LevelMean> Levels);

/// <summary>Means by level of every factor. Only what all levels were run with counts, so that a missing cell does not favour one of them.</summary>
public static class MarginalEffects
{
    /// <returns>Factors of which at least two levels have complete runs that can be set side by side.</returns>
    public static IReadOnlyList<MarginalEffect> Of(ExperimentResults results)
    {
        var values = results.Values.ByRun;
        List<RunSummary> final = [.. results.Runs.Where(run => run.State == RunState.Completed && values.TryGetValue(run.Id, out var value) && double.IsFinite(value))];
        return [.. results.Experiment.Axes.Select(axis => Of(axis, results.Experiment.Axes, final, values)).Where(effect => effect.Levels.Count > 1)];
    }

    private static MarginalEffect Of(Axis axis, IReadOnlyList<Axis> axes, List<RunSummary> runs, IReadOnlyDictionary<Guid, double> values)
    {
        var levels = axis.Levels.Where(level => runs.Exists(run => run.LevelOf(axis.Field) == level)).ToList();
        // Runs that differ in this factor alone: same seed, same levels of all others.
        var sides = runs
            .GroupBy(run => (run.Seed, Others: string.Join(' ', axes.Where(other => other != axis).Select(other => run.LevelOf(other.Field)))))
            .Select(group => (group.Key, ByLevel: group.ToDictionary(run => run.LevelOf(axis.Field)!, run => values[run.Id])))
            .Where(side => side.ByLevel.Count == levels.Count).ToList();
        return new(
            axis.Field,
            sides.Select(side => side.Key.Others).Distinct().Count(),
            sides.Count == 0 ? [] : [.. levels.Select(level => new LevelMean(
                level, MeanInterval.Of([.. sides.GroupBy(side => side.Key.Seed).Select(seed => seed.Average(side => side.ByLevel[level]))])))]);
    }
}
