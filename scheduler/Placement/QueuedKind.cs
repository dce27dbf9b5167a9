using MaeLab.Domain.Recipes;

namespace MaeLab.Scheduler.Placement;

/// <summary>Queued runs of one experiment that need the same things of a runner.</summary>
/// <param name="FirstPosition">Place of the first of them in the experiment's queue.</param>
internal sealed record QueuedKind(Guid ExperimentId, int Priority, string Dataset, ComputeDevice Device, int FirstPosition, int Count);
