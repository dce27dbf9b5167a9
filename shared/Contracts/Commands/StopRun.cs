namespace MaeLab.Contracts.Commands;

/// <summary>scheduler -> one runner: leave this attempt at the next step boundary.</summary>
/// <param name="SaveCheckpoint">True where the run is to go on later (pause, preemption).</param>
public sealed record StopRun(Guid RunId, int Attempt, Guid RunnerId, bool SaveCheckpoint);
