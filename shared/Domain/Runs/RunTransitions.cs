using System.Collections.Frozen;

namespace MaeLab.Domain.Runs;

/// <summary>
/// The one table of legal moves. What a stopping run becomes depends on its <see cref="StopIntent"/>:
/// the intent is set by the trigger that asked for the stop and used when the runner lets go.
/// </summary>
public static class RunTransitions
{
    private static readonly FrozenDictionary<(RunState, RunTrigger), RunState> s_moves = new Dictionary<(RunState, RunTrigger), RunState>
    {
        [(RunState.Queued, RunTrigger.Assign)] = RunState.Assigned,
        [(RunState.Queued, RunTrigger.Cancel)] = RunState.Cancelled,
        [(RunState.Queued, RunTrigger.Pause)] = RunState.Paused,
        [(RunState.Queued, RunTrigger.GiveUp)] = RunState.Failed,

        [(RunState.Assigned, RunTrigger.Start)] = RunState.Running,
        [(RunState.Assigned, RunTrigger.Cancel)] = RunState.Stopping,
        [(RunState.Assigned, RunTrigger.Pause)] = RunState.Stopping,
        [(RunState.Assigned, RunTrigger.Preempt)] = RunState.Stopping,
        [(RunState.Assigned, RunTrigger.Complete)] = RunState.Completed,
        [(RunState.Assigned, RunTrigger.Fail)] = RunState.Failed,
        [(RunState.Assigned, RunTrigger.LetGo)] = RunState.Queued,
        [(RunState.Assigned, RunTrigger.GiveUp)] = RunState.Failed,

        [(RunState.Running, RunTrigger.Cancel)] = RunState.Stopping,
        [(RunState.Running, RunTrigger.Pause)] = RunState.Stopping,
        [(RunState.Running, RunTrigger.Preempt)] = RunState.Stopping,
        [(RunState.Running, RunTrigger.Complete)] = RunState.Completed,
        [(RunState.Running, RunTrigger.Fail)] = RunState.Failed,
        [(RunState.Running, RunTrigger.LetGo)] = RunState.Queued,
        [(RunState.Running, RunTrigger.GiveUp)] = RunState.Failed,

        // A cancel overrules a pause or a preemption under way.
        [(RunState.Stopping, RunTrigger.Cancel)] = RunState.Stopping,
        [(RunState.Stopping, RunTrigger.Complete)] = RunState.Completed,
        [(RunState.Stopping, RunTrigger.Fail)] = RunState.Failed,

        [(RunState.Paused, RunTrigger.Resume)] = RunState.Queued,
        [(RunState.Paused, RunTrigger.Cancel)] = RunState.Cancelled,

        [(RunState.Failed, RunTrigger.Retry)] = RunState.Queued,
        [(RunState.Cancelled, RunTrigger.Retry)] = RunState.Queued,
    }.ToFrozenDictionary();

    /// <returns>Null where the trigger does not apply in this state: the caller then changes nothing.</returns>
    public static RunState? Next(RunState state, StopIntent intent, RunTrigger trigger) => (state, trigger) switch
    {
        (RunState.Stopping, RunTrigger.LetGo or RunTrigger.GiveUp) => intent switch
        {
            StopIntent.Cancel => RunState.Cancelled,
            StopIntent.Pause => RunState.Paused,
            StopIntent.Requeue or StopIntent.None => trigger == RunTrigger.GiveUp ? RunState.Failed : RunState.Queued,
            _ => throw new ArgumentOutOfRangeException(nameof(intent), intent, "Unknown stop intent."),
        },
        _ => s_moves.TryGetValue((state, trigger), out var next) ? next : null,
    };

    /// <summary>What the run is to become once the runner lets go, after this trigger.</summary>
    public static StopIntent IntentAfter(StopIntent intent, RunTrigger trigger) => trigger switch
    {
        RunTrigger.Cancel => StopIntent.Cancel,
        RunTrigger.Pause => StopIntent.Pause,
        RunTrigger.Preempt => StopIntent.Requeue,
        RunTrigger.Start => intent,
        _ => StopIntent.None,
    };

    /// <summary>Over for good unless a person retries it.</summary>
    public static bool IsFinal(this RunState state) => state is RunState.Completed or RunState.Failed or RunState.Cancelled;

    /// <summary>In the hands of a runner.</summary>
    public static bool IsActive(this RunState state) => state is RunState.Assigned or RunState.Running or RunState.Stopping;
}
