namespace MaeLab.Contracts.Commands;

/// <summary>
/// web -> scheduler: run what an experiment lacks of a combination of levels: all seeds of one that it has no runs of, as a star has none off its
/// arms, else the seeds whose runs were deleted. Durable; where it lacks none by then, nothing is queued.
/// </summary>
/// <param name="Levels">A level (a JSON literal) of the experiment for every one of its axes but the seed, by field.</param>
public sealed record QueueCell(Guid ExperimentId, IReadOnlyDictionary<string, string> Levels, string RequestedBy);
