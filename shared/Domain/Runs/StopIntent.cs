namespace MaeLab.Domain.Runs;

/// <summary>What a stopping run becomes once its runner has let go.</summary>
public enum StopIntent
{
    None,
    Cancel,
    Pause,

    /// <summary>Back into the queue, to go on from the checkpoint (preemption, a runner being shut down).</summary>
    Requeue,
}
