namespace MaeLab.Contracts.Facts;

/// <summary>
/// This attempt is over and all it produced is stored, its outcome among it (table attempt_outcomes): the scheduler
/// reads that, this message only makes it fast.
/// </summary>
public sealed record RunEnded(Guid RunId, Guid ExperimentId, int Attempt, Guid RunnerId);
