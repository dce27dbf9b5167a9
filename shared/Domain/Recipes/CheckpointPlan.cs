namespace MaeLab.Domain.Recipes;

/// <param name="EveryEpochs">Save after every so many epochs; 0: only at the end. The end is always saved.</param>
/// <param name="KeepLast">How many of the newest are kept.</param>
public sealed record CheckpointPlan(int EveryEpochs, int KeepLast)
{
    /// <summary>Those at whole multiples of so many epochs are kept for good; 0: none.</summary>
    public int KeepEveryEpochs { get; init; }

    /// <summary>The best one by this is kept as long as none is better.</summary>
    public BestCheckpoint KeepBest { get; init; }

    /// <summary>Which of a run's checkpoints need not stay: neither among the newest, nor the best, nor kept for good.</summary>
    /// <param name="newestFirst">All there are.</param>
    /// <param name="best">The step of the best of them; null: none is.</param>
    public IEnumerable<SavedCheckpoint> Superseded(IEnumerable<SavedCheckpoint> newestFirst, long? best) =>
        newestFirst.Skip(KeepLast).Where(saved => saved.Step != best && !IsKept(saved.Epoch, saved.Final));

    /// <summary>Kept for good, whatever newer ones come.</summary>
    private bool IsKept(double epoch, bool final) => final || (KeepEveryEpochs > 0 && epoch % KeepEveryEpochs == 0);
}
