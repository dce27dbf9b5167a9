using System.Collections.Frozen;

namespace MaeLab.Domain.Runs;

/// <summary>
/// The one table of legal moves. State and <see cref="StopIntent"/> change together: only a stopping run has an intent,
/// set by the trigger that asked for the stop and used when the runner lets go.
/// </summary>
public static class RunTransitions
{
    private static readonly FrozenDictionary<(RunState, RunTrigger), (RunState, StopIntent)> s_moves = new Dictionary<(RunState, RunTrigger), (RunState, StopIntent)>
    {
        [(RunState.Queued, RunTrigger.Assign)] = (RunState.Assigned, StopIntent.None),
        [(RunState.Queued, RunTrigger.Cancel)] = (RunState.Cancelled, StopIntent.None),
        [(RunState.Queued, RunTrigger.Pause)] = (RunState.Paused, StopIntent.None),
        [(RunState.Queued, RunTrigger.GiveUp)] = (RunState.Failed, StopIntent.None),

        [(RunState.Assigned, RunTrigger.Start)] = (RunState.Running, StopIntent.None),
        [(RunState.Assigned, RunTrigger.Cancel)] = (RunState.Stopping, StopIntent.Cancel),
        [(RunState.Assigned, RunTrigger.Pause)] = (RunState.Stopping, StopIntent.Pause),
        [(RunState.Assigned, RunTrigger.Preempt)] = (RunState.Stopping, StopIntent.Requeue),
        [(RunState.Assigned, RunTrigger.Complete)] = (RunState.Completed, StopIntent.None),
        [(RunState.Assigned, RunTrigger.Fail)] = (RunState.Failed, StopIntent.None),
        [(RunState.Assigned, RunTrigger.LetGo)] = (RunState.Queued, StopIntent.None),
        [(RunState.Assigned, RunTrigger.GiveUp)] = (RunState.Failed, StopIntent.None),

        [(RunState.Running, RunTrigger.Cancel)] = (RunState.Stopping, StopIntent.Cancel),
        [(RunState.Running, RunTrigger.Pause)] = (RunState.Stopping, StopIntent.Pause),
        [(RunState.Running, RunTrigger.Preempt)] = (RunState.Stopping, StopIntent.Requeue),
        [(RunState.Running, RunTrigger.Complete)] = (RunState.Completed, StopIntent.None),
        [(RunState.Running, RunTrigger.Fail)] = (RunState.Failed, StopIntent.None),
        [(RunState.Running, RunTrigger.LetGo)] = (RunState.Queued, StopIntent.None),
        [(RunState.Running, RunTrigger.GiveUp)] = (RunState.Failed, StopIntent.None),

        // A cancel overrules a pause or a preemption under way; the rest of what a stopping run can do depends on its intent.
        [(RunState.Stopping, RunTrigger.Cancel)] = (RunState.Stopping, StopIntent.Cancel),
        [(RunState.Stopping, RunTrigger.Complete)] = (RunState.Completed, StopIntent.None),
        [(RunState.Stopping, RunTrigger.Fail)] = (RunState.Failed, StopIntent.None),

        [(RunState.Paused, RunTrigger.Resume)] = (RunState.Queued, StopIntent.None),
        [(RunState.Paused, RunTrigger.Cancel)] = (RunState.Cancelled, StopIntent.None),

        [(RunState.Failed, RunTrigger.Retry)] = (RunState.Queued, StopIntent.None),
        [(RunState.Cancelled, RunTrigger.Retry)] = (RunState.Queued, StopIntent.None),
    }.ToFrozenDictionary();

    /// <returns>Null where the trigger does not apply in this state: the caller then changes nothing.</returns>
    public static (RunState State, StopIntent Intent)? Next(RunState state, StopIntent intent, RunTrigger trigger) => (state, intent, trigger) switch
    {
        (RunState.Stopping, StopIntent.Cancel, RunTrigger.LetGo or RunTrigger.GiveUp) => (RunState.Cancelled, StopIntent.None),
        (RunState.Stopping, StopIntent.Pause, RunTrigger.LetGo or RunTrigger.GiveUp) => (RunState.Paused, StopIntent.None),
        (RunState.Stopping, _, RunTrigger.LetGo) => (RunState.Queued, StopIntent.None),
        (RunState.Stopping, _, RunTrigger.GiveUp) => (RunState.Failed, StopIntent.None),

        // A person's wish to pause outlives a preemption under way, and can be taken back while the runner is still stopping.
        (RunState.Stopping, StopIntent.Requeue, RunTrigger.Pause) => (RunState.Stopping, StopIntent.Pause),
        (RunState.Stopping, StopIntent.Pause, RunTrigger.Resume) => (RunState.Stopping, StopIntent.Requeue),

        _ => s_moves.TryGetValue((state, trigger), out var next) ? next : null,
    };

    /// <summary>Over for good unless a person retries it.</summary>
    public static bool IsFinal(this RunState state) => state is RunState.Completed or RunState.Failed or RunState.Cancelled;

    /// <summary>In the hands of a runner.</summary>
    public static bool IsActive(this RunState state) => state is RunState.Assigned or RunState.Running or RunState.Stopping;
}
