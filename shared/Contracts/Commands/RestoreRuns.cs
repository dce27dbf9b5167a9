namespace MaeLab.Contracts.Commands;

/// <summary>web -> scheduler: show these deleted runs again. Durable; runs that were not deleted, or are gone for good, change nothing.</summary>
public sealed record RestoreRuns(IReadOnlyList<Guid> RunIds, string RequestedBy);
