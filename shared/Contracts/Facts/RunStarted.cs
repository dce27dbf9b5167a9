namespace MaeLab.Contracts.Facts;

/// <summary>The training loop of this attempt entered its first step.</summary>
public sealed record RunStarted(Guid RunId, Guid ExperimentId, int Attempt, Guid RunnerId, DateTimeOffset At, long TotalSteps);
