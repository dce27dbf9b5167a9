namespace MaeLab.Contracts.Facts;

/// <summary>scheduler -> web and schedulers, a hint: priority, weight or the order of this experiment's queued runs changed.</summary>
public sealed record ExperimentChanged(Guid ExperimentId);
