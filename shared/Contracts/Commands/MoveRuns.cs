namespace MaeLab.Contracts.Commands;

/// <summary>web -> scheduler: these queued runs, in this order, go before another one of their experiment. Durable; runs that wait no more stay where they are.</summary>
/// <param name="Before">Null: to the front.</param>
public sealed record MoveRuns(Guid ExperimentId, IReadOnlyList<Guid> RunIds, Guid? Before, string RequestedBy);
