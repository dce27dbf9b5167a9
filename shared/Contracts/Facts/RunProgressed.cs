namespace MaeLab.Contracts.Facts;

/// <summary>How far this attempt is; only the newest value matters.</summary>
/// <param name="Sequence">Rises within an attempt, so that a late one can be dropped.</param>
public sealed record RunProgressed(
    Guid RunId, Guid ExperimentId, int Attempt, long Sequence, DateTimeOffset At,
    long Step, long TotalSteps, double Epoch, double? Loss, double ImagesPerSecond);
