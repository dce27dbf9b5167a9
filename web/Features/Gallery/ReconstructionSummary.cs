using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Features.Gallery;

/// <summary>How well a run reconstructed at one evaluation.</summary>
/// <param name="Error">Mean squared error over the removed patches of the probe images, in pixels of [0, 1].</param>
public sealed record ReconstructionSummary(int Attempt, long Step, double Error, ReconstructionDetails Details);
