using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// The collapse probe of U-MAE (Zhang, Wang, Wang 2022): effective dimension 1 / L_U of features z [N, D], where L_U is the mean over all
/// pairs of images of the squared cosine (z_i . z_j)^2, an image with itself among them. It is the participation ratio of the features'
/// second moment: 1 where all features are parallel, up to min(N, D).
/// </summary>
internal static class FeatureDimension
{
    /// <param name="features">[N, D]</param>
    public static double Of(Tensor features)
    {
        using var scope = NewDisposeScope();
        return 1.0.Over(Losses.Uniformity(features.unsqueeze(1)).Values()[0]);
    }
}
