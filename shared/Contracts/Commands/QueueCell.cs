namespace MaeLab.Contracts.Commands;

/// <summary>
/// web -> scheduler: run a combination of levels that an experiment has no runs of, as a star has none off its arms, with all its seeds.
/// Durable; where there are runs of it by then, nothing is queued.
/// </summary>
/// <param name="Levels">A level (a JSON literal) of the experiment for every one of its axes but the seed, by field.</param>
public sealed record QueueCell(Guid ExperimentId, IReadOnlyDictionary<string, string> Levels, string RequestedBy);
