using MaeLab.Domain.Runs;

namespace MaeLab.Storage.Model;

/// <summary>Table checkpoints. Written by the runner; visible to readers only once <see cref="Complete"/>.</summary>
public sealed class CheckpointRow
{
    public Guid Id { get; set; }

    public Guid RunId { get; set; }

    public CheckpointKind Kind { get; set; }

    public int Attempt { get; set; }

    /// <summary>Optimizer steps done; for evaluations the run's last.</summary>
    public long Step { get; set; }

    /// <summary>Epochs done; for evaluations a number that rises with every state.</summary>
    public double Epoch { get; set; }

    /// <summary>The checkpoint at the end of training.</summary>
    public bool Final { get; set; }

    public long SizeBytes { get; set; }

    /// <summary>Lower-case hex over the whole content.</summary>
    public string? Sha256 { get; set; }

    public bool Complete { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Table checkpoint_chunks, key (checkpoint, index): 4 MiB pieces.</summary>
public sealed class CheckpointChunkRow
{
    public Guid CheckpointId { get; set; }

    public int Index { get; set; }

    public required byte[] Data { get; set; }
}
