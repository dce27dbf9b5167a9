namespace MaeLab.Contracts.Commands;

/// <summary>
/// web -> scheduler: create this experiment. The one message that carries data, since web may not write the tables.
/// Durable: it waits in the queue until a scheduler answers. Repeating it with the same id is harmless.
/// </summary>
/// <param name="ExperimentId">UUIDv7, chosen by web.</param>
/// <param name="Definition">The experiment definition as JSON, in the shape of the REST API.</param>
/// <param name="IdempotencyKey">What the client calls its request: another submission of the same key finds the experiment of the first.</param>
public sealed record SubmitExperiment(Guid ExperimentId, string Definition, string SubmittedBy, string? IdempotencyKey = null);
