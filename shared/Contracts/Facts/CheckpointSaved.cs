namespace MaeLab.Contracts.Facts;

/// <summary>A checkpoint of this attempt is complete in the database.</summary>
public sealed record CheckpointSaved(Guid RunId, Guid ExperimentId, int Attempt, Guid CheckpointId, long Step);
