using MaeLab.Domain.Runs;

namespace MaeLab.Scheduler.Placement;

/// <summary>A run in the hands of a runner.</summary>
/// <param name="Ran">How long its attempt has been training; null before the first step.</param>
internal sealed record ActiveRun(Guid RunId, Guid ExperimentId, int Attempt, Guid? RunnerId, int Priority, RunState State, TimeSpan? Ran);

/// <summary>
/// Which runs make room for queued ones of a higher priority that no slot is free for: the lowest priority first, of equals
/// the one that began last. None that has hardly begun, so that two do not take the slot from each other in turns, and none
/// where a slot is about to come free anyway.
/// </summary>
internal static class PreemptionPlan
{
    /// <param name="waiting">What found no free slot.</param>
    /// <param name="least">How long a run is left alone.</param>
    public static IReadOnlyList<(ActiveRun Run, QueuedKind For)> Create(
        IReadOnlyCollection<OpenRunner> runners, IEnumerable<QueuedKind> waiting, IEnumerable<ActiveRun> active, TimeSpan least)
    {
        var held = active.GroupBy(run => run.State == RunState.Stopping).ToDictionary(group => group.Key, group => group.ToList());
        var leaving = held.GetValueOrDefault(true, []);
        var candidates = held.GetValueOrDefault(false, [])
            .Where(run => run.State == RunState.Running && run.Ran >= least)
            .OrderBy(run => run.Priority).ThenBy(run => run.Ran).ToList();
        var plan = new List<(ActiveRun, QueuedKind)>();
        foreach (var kind in waiting.OrderByDescending(kind => kind.Priority).ThenBy(kind => kind.ExperimentId))
        {
            var suitable = runners.Where(runner => runner.Suits(kind)).Select(runner => runner.Id).ToHashSet();
            for (var left = kind.Count; left > 0; left--)
            {
                if (TakeFirst(leaving, run => IsOn(run, suitable)) is not null)
                {
                    continue;
                }

                if (TakeFirst(candidates, run => run.Priority < kind.Priority && IsOn(run, suitable)) is not { } run)
                {
                    break;
                }

                plan.Add((run, kind));
            }
        }

        return plan;
    }

    private static bool IsOn(ActiveRun run, HashSet<Guid> runners) => run.RunnerId is { } runner && runners.Contains(runner);

    private static ActiveRun? TakeFirst(List<ActiveRun> runs, Predicate<ActiveRun> which)
    {
        var index = runs.FindIndex(which);
        if (index < 0)
        {
            return null;
        }

        var run = runs[index];
        runs.RemoveAt(index);
        return run;
    }
}
