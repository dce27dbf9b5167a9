namespace MaeLab.Contracts.Commands;

/// <summary>
/// web -> scheduler: examine these checkpoints with every theory probe, each by a job. Durable; a checkpoint whose job waits, runs or has
/// completed gets no second one, a job that failed or was cancelled is tried again.
/// </summary>
public sealed record RequestTheory(IReadOnlyList<Guid> CheckpointIds, string RequestedBy);
