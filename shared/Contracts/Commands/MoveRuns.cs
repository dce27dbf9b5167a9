namespace MaeLab.Contracts.Commands;

/// <summary>web -> scheduler: these queued runs, in this order, go before or behind another one of their experiment, and take its priority. Durable; runs that wait no more stay where they are.</summary>
/// <param name="Before">Null, and no <paramref name="After"/>: to the front.</param>
/// <param name="After">The run to go behind; not with <paramref name="Before"/>.</param>
public sealed record MoveRuns(Guid ExperimentId, IReadOnlyList<Guid> RunIds, Guid? Before, string RequestedBy, Guid? After = null);
