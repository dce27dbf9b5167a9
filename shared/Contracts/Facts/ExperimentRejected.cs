namespace MaeLab.Contracts.Facts;

/// <summary>Nothing was stored; every error with the field it belongs to.</summary>
public sealed record ExperimentRejected(Guid ExperimentId, IReadOnlyList<RejectedField> Errors);
