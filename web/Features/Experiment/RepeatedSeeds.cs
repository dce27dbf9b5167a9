using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Experiment;

/// <summary>
/// Runs that repeat a seed of their cell: it was queued anew after its run had been deleted, and that one was restored since. Only one of
/// them counts, or the seed would be told twice: one that is complete before one that is under way, and of equal ones the oldest.
/// </summary>
public static class RepeatedSeeds
{
    /// <returns>Those that do not count.</returns>
    public static IReadOnlySet<Guid> Of(IEnumerable<RunSummary> runs) => runs.GroupBy(run => (run.CellIndex, run.Seed))
        .SelectMany(repeats => repeats.OrderBy(run => run.State == RunState.Completed ? 0 : run.State.IsActive() ? 1 : 2).ThenBy(run => run.Index).Skip(1))
        .Select(run => run.Id).ToHashSet();
}
