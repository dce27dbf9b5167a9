namespace MaeLab.Storage.Metrics;

/// <summary>What a job found of a run.</summary>
/// <param name="Step">Of the checkpoint that was examined.</param>
public sealed record FoundValue(Guid RunId, long Step, double Value);
