namespace MaeLab.Contracts.Commands;

/// <summary>web -> scheduler: what a person wants of one run. Durable; an action that no longer applies changes nothing.</summary>
public sealed record ControlRun(Guid RunId, RunAction Action, string RequestedBy);
