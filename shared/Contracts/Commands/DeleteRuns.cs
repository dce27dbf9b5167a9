namespace MaeLab.Contracts.Commands;

/// <summary>web -> scheduler: hide these runs, and remove them for good some days later. Durable; runs that are not over stay.</summary>
public sealed record DeleteRuns(IReadOnlyList<Guid> RunIds, string RequestedBy);
