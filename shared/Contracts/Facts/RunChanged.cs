namespace MaeLab.Contracts.Facts;

/// <summary>scheduler -> web, a hint: the row of this run in the table of runs changed.</summary>
public sealed record RunChanged(Guid RunId, Guid ExperimentId, string State);
