using MaeLab.Domain.Metrics;

namespace MaeLab.Domain.Recipes;

/// <summary>By what a checkpoint is the best of its run. Only those that were evaluated at their own step are compared.</summary>
public enum BestCheckpoint
{
    /// <summary>None is kept for being the best.</summary>
    None,
    LinearAccuracy,
    KnnAccuracy,
    ReconstructionError,
}

public static class BestCheckpoints
{
    /// <summary>The series whose value decides; null: none does.</summary>
    public static string? Series(this BestCheckpoint best) => best switch
    {
        BestCheckpoint.None => null,
        BestCheckpoint.LinearAccuracy => SeriesNames.LinearAccuracy,
        BestCheckpoint.KnnAccuracy => SeriesNames.KnnAccuracy,
        BestCheckpoint.ReconstructionError => SeriesNames.ReconstructionError,
        _ => throw new ArgumentOutOfRangeException(nameof(best), best, "By this no checkpoint can be the best."),
    };

    /// <returns>The step with the best value, of equals the first; null where none has one that compares.</returns>
    public static long? StepOf(this BestCheckpoint best, IEnumerable<(long Step, double Value)> values)
    {
        var inOrder = values.Where(value => double.IsFinite(value.Value)).OrderBy(value => value.Step).Select(value => ((long Step, double Value)?)value);
        return (best == BestCheckpoint.ReconstructionError ? inOrder.MinBy(value => value!.Value.Value) : inOrder.MaxBy(value => value!.Value.Value))?.Step;
    }
}
