namespace MaeLab.Scheduler.Placement;

/// <summary>A run of this kind goes to that runner.</summary>
internal sealed record PlannedPlacement(QueuedKind Kind, Guid RunnerId);

/// <summary>
/// Who gets the next free slot: the highest priority; among equals the experiment whose share is due, so that a long one
/// does not shut out a short one; then the oldest. A run goes to the runner with the most room that has what it needs, the
/// fastest among equals.
/// </summary>
internal static class PlacementPlan
{
    /// <param name="shares">Of every experiment with queued runs; what is planned is taken from it.</param>
    public static IReadOnlyList<PlannedPlacement> Create(IEnumerable<OpenRunner> runners, IEnumerable<QueuedKind> kinds, FairShare shares)
    {
        var free = runners.Where(runner => runner.Free > 0).ToDictionary(runner => runner, runner => runner.Free);
        var waiting = kinds.ToDictionary(kind => kind, kind => kind.Count);
        var plan = new List<PlannedPlacement>();
        while (Next(free, waiting, shares) is var (kind, runner))
        {
            plan.Add(new(kind, runner.Id));
            free[runner]--;
            waiting[kind]--;
            shares.Take(kind.ExperimentId);
        }

        return plan;
    }

    private static (QueuedKind Kind, OpenRunner Runner)? Next(
        Dictionary<OpenRunner, int> free, Dictionary<QueuedKind, int> waiting, FairShare shares)
    {
        var order = waiting.Where(entry => entry.Value > 0).Select(entry => entry.Key)
            .OrderByDescending(kind => kind.Priority)
            .ThenBy(kind => shares.KeyOf(kind.ExperimentId))
            .ThenBy(kind => kind.ExperimentId) // UUIDv7: by age
            .ThenBy(kind => kind.FirstPosition);
        foreach (var kind in order)
        {
            var runner = free.Where(entry => entry.Value > 0 && entry.Key.Suits(kind))
                .OrderByDescending(entry => entry.Value)
                .ThenByDescending(entry => entry.Key.GigaflopsPerSecond)
                .Select(entry => entry.Key)
                .FirstOrDefault();
            if (runner is not null)
            {
                return (kind, runner);
            }
        }

        return null;
    }
}
