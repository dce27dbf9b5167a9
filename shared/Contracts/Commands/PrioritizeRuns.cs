namespace MaeLab.Contracts.Commands;

/// <summary>web -> scheduler: another priority for these runs of an experiment, for example those of a cell. Durable; runs that are over keep theirs.</summary>
public sealed record PrioritizeRuns(Guid ExperimentId, IReadOnlyList<Guid> RunIds, int Priority, string RequestedBy);
