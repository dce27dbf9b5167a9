namespace MaeLab.Contracts.Facts;

/// <summary>The experiment and its runs are stored. Also said again for a repeated submission.</summary>
/// <param name="ExperimentId">As it was submitted.</param>
/// <param name="StoredAs">The experiment that was made of an earlier submission with the same idempotency key; null: this one.</param>
public sealed record ExperimentAccepted(Guid ExperimentId, int Runs, Guid? StoredAs = null);
