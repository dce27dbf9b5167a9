namespace MaeLab.Domain.Metrics;

/// <summary>How well a run reconstructs, beyond its mean error: the details of every stored reconstruction error, as JSON.</summary>
/// <param name="Images">Images that the error is the mean over.</param>
/// <param name="MaskRatio">Share of their patches that was removed.</param>
public sealed record ReconstructionDetails(int Images, double MaskRatio)
{
    /// <summary>Errors of the gallery's images; null in results older than this member.</summary>
    public PatchErrors? Gallery { get; init; }
}
