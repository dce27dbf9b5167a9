namespace MaeLab.Domain.Recipes;

/// <param name="EveryEpochs">Save after every so many epochs; 0: only at the end. The end is always saved.</param>
/// <param name="KeepLast">How many of the newest are kept.</param>
public sealed record CheckpointPlan(int EveryEpochs, int KeepLast)
{
    /// <summary>Those at whole multiples of so many epochs are kept for good; 0: none.</summary>
    public int KeepEveryEpochs { get; init; }

    /// <summary>The best one by this is kept as long as none is better.</summary>
    public BestCheckpoint KeepBest { get; init; }

    /// <summary>Kept for good, whatever newer ones come.</summary>
    public bool IsKept(double epoch, bool final) => final || (KeepEveryEpochs > 0 && epoch % KeepEveryEpochs == 0);
}
