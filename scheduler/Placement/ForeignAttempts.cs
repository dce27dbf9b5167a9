using System.Collections.Concurrent;

namespace MaeLab.Scheduler.Placement;

/// <summary>
/// How many slots runners spend on attempts that were taken from them, by their last reports: nothing can be placed there until they
/// have let go. A scheduler that has just become the active one learns it with the next reports.
/// </summary>
public sealed class ForeignAttempts
{
    private readonly ConcurrentDictionary<Guid, int> _counts = [];

    public int Of(Guid runnerId) => _counts.GetValueOrDefault(runnerId);

    /// <returns>True where slots came free.</returns>
    public bool Set(Guid runnerId, int count)
    {
        var before = Of(runnerId);
        _counts[runnerId] = count;
        return count < before;
    }
}
