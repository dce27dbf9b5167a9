using MaeLab.Domain.Runs;

namespace MaeLab.Storage.Model;

/// <summary>Table run_attempts, key (run, number). Written by the scheduler. The lease is the only truth about who runs what.</summary>
public sealed class RunAttemptRow
{
    public Guid RunId { get; set; }

    public int Number { get; set; }

    public Guid RunnerId { get; set; }

    public DateTimeOffset AssignedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Renewed through the runner's reports; past it the run is in nobody's hands.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Step of the checkpoint it starts from; 0: from the beginning. Series of earlier attempts count up to here.</summary>
    public long RestoreStep { get; set; }

    public Guid? RestoreCheckpointId { get; set; }

    /// <summary>What it was last told to stop for: cancel, pause or preempt; null: nobody told it.</summary>
    public RunTrigger? StoppedBy { get; set; }

    public long LastSequence { get; set; }
}
