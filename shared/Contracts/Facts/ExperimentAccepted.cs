namespace MaeLab.Contracts.Facts;

/// <summary>The experiment and its runs are stored. Also said again for a repeated submission.</summary>
public sealed record ExperimentAccepted(Guid ExperimentId, int Runs);
