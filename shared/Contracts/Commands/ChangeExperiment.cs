namespace MaeLab.Contracts.Commands;

/// <summary>web -> scheduler: how an experiment stands beside others. Durable. Null: as it is.</summary>
/// <param name="Priority">Of the experiment and of all its runs that are not over.</param>
public sealed record ChangeExperiment(Guid ExperimentId, int? Priority, double? Weight, string RequestedBy);
