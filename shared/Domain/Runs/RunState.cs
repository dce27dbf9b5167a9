namespace MaeLab.Domain.Runs;

/// <summary>Where a run is. <see cref="RunTransitions"/> is the one table of legal moves.</summary>
public enum RunState
{
    /// <summary>Waits for a free slot.</summary>
    Queued,

    /// <summary>Given to a runner that has not begun yet.</summary>
    Assigned,
    Running,

    /// <summary>Told to stop; what it becomes then is the run's <see cref="StopIntent"/>.</summary>
    Stopping,
    Paused,
    Completed,
    Failed,
    Cancelled,
}
