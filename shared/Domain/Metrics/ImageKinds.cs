namespace MaeLab.Domain.Metrics;

/// <summary>What a stored picture of a gallery image shows.</summary>
public static class ImageKinds
{
    public const string Original = "original";
    public const string Masked = "masked";

    /// <summary>As predicted for every patch, those that the model saw among them.</summary>
    public const string Reconstruction = "reconstruction";

    /// <summary>The reconstruction where patches were removed, the original where the model saw them.</summary>
    public const string VisiblePasted = "visible_pasted";

    /// <summary>Stored with a run's first evaluation only.</summary>
    public static bool IsSameAtEveryStep(string kind) => kind is Original or Masked;
}
