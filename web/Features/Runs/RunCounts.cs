using MaeLab.Domain.Runs;

namespace MaeLab.Web.Features.Runs;

/// <summary>How many runs are in which state.</summary>
public sealed record RunCounts(
    int Queued, int Assigned, int Running, int Stopping, int Paused, int Completed, int Failed, int Cancelled)
{
    public int Total => Queued + Assigned + Running + Stopping + Paused + Completed + Failed + Cancelled;

    /// <summary>Neither over nor waiting for a person.</summary>
    public int Open => Queued + Assigned + Running + Stopping;

    public int Of(RunState state) => state switch
    {
        RunState.Queued => Queued,
        RunState.Assigned => Assigned,
        RunState.Running => Running,
        RunState.Stopping => Stopping,
        RunState.Paused => Paused,
        RunState.Completed => Completed,
        RunState.Failed => Failed,
        RunState.Cancelled => Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown run state."),
    };

    public static RunCounts Of(IEnumerable<RunState> states) => Of(states.CountBy(state => state).ToDictionary());

    public static RunCounts Of(IReadOnlyDictionary<RunState, int> counts)
    {
        int Count(RunState state) => counts.GetValueOrDefault(state);
        return new(
            Count(RunState.Queued), Count(RunState.Assigned), Count(RunState.Running), Count(RunState.Stopping),
            Count(RunState.Paused), Count(RunState.Completed), Count(RunState.Failed), Count(RunState.Cancelled));
    }
}
