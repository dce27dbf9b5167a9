using MaeLab.Domain.Recipes;

namespace MaeLab.Scheduler.Placement;

/// <summary>A runner with room.</summary>
/// <param name="Free">Slots that no run holds.</param>
internal sealed record FreeRunner(Guid Id, int Free, bool HasCuda, IReadOnlySet<string> Datasets, double GigaflopsPerSecond);

/// <summary>Queued runs of one experiment that need the same things of a runner.</summary>
internal sealed record QueuedKind(Guid ExperimentId, int Priority, string Dataset, ComputeDevice Device, int FirstIndex, int Count);

/// <summary>So many runs of this kind go to that runner.</summary>
internal sealed record PlannedPlacement(QueuedKind Kind, Guid RunnerId);

/// <summary>
/// Who gets the next free slot: the highest priority; among equals the experiment with the fewest runs under way, so that
/// a long one does not shut out a short one; then the oldest. A run goes to the runner with the most room that has what it
/// needs, the fastest among equals.
/// </summary>
internal static class PlacementPlan
{
    /// <param name="active">Runs under way by experiment.</param>
    public static IReadOnlyList<PlannedPlacement> Create(
        IEnumerable<FreeRunner> runners, IEnumerable<QueuedKind> kinds, IReadOnlyDictionary<Guid, int> active)
    {
        var free = runners.ToDictionary(runner => runner, runner => runner.Free);
        var waiting = kinds.ToDictionary(kind => kind, kind => kind.Count);
        var underWay = new Dictionary<Guid, int>(active);
        var plan = new List<PlannedPlacement>();
        while (Next(free, waiting, underWay) is var (kind, runner))
        {
            plan.Add(new(kind, runner.Id));
            free[runner]--;
            waiting[kind]--;
            underWay[kind.ExperimentId] = underWay.GetValueOrDefault(kind.ExperimentId) + 1;
        }

        return plan;
    }

    private static (QueuedKind Kind, FreeRunner Runner)? Next(
        Dictionary<FreeRunner, int> free, Dictionary<QueuedKind, int> waiting, Dictionary<Guid, int> underWay)
    {
        var order = waiting.Where(entry => entry.Value > 0).Select(entry => entry.Key)
            .OrderByDescending(kind => kind.Priority)
            .ThenBy(kind => underWay.GetValueOrDefault(kind.ExperimentId))
            .ThenBy(kind => kind.ExperimentId) // UUIDv7: by age
            .ThenBy(kind => kind.FirstIndex);
        foreach (var kind in order)
        {
            var runner = free.Where(entry => entry.Value > 0 && Suits(entry.Key, kind))
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

    private static bool Suits(FreeRunner runner, QueuedKind kind) =>
        runner.Datasets.Contains(kind.Dataset) && (kind.Device != ComputeDevice.Cuda || runner.HasCuda);
}
