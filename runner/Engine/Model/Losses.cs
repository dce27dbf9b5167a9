using MaeLab.Domain.Recipes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

public static class Losses
{
    private const double Epsilon = 1e-6;

    /// <summary>What the decoder is to predict.</summary>
    /// <param name="images">[N, C, S, S], normalised.</param>
    /// <returns>[N, L, P], or [N, L, components] for PCA.</returns>
    public static Tensor Target(Weights weights, Tensor images, MaeShape shape, ReconstructionTarget target)
    {
        var patches = Patches.ForTarget(images, shape);
        return target switch
        {
            ReconstructionTarget.Pixels => patches,
            ReconstructionTarget.NormalizedPixels => Normalized(patches),
            ReconstructionTarget.Pca => PatchPca.Coefficients(weights, patches),
            _ => throw new ArgumentOutOfRangeException(nameof(target), target, "Unknown target."),
        };
    }

    /// <summary>Mean and standard deviation (unbiased variance) of every patch over its P values, all channels together.</summary>
    /// <param name="patches">[N, L, P]</param>
    /// <returns>Two tensors [N, L, 1].</returns>
    public static (Tensor Mean, Tensor Deviation) PatchStatistics(Tensor patches) =>
        (patches.mean([-1], keepdim: true), patches.var([-1L], unbiased: true, keepdim: true).Plus(Epsilon).sqrt());

    /// <summary>Squared error, averaged over the values of a patch and then over the removed patches of the batch.</summary>
    public static Tensor Reconstruction(Tensor prediction, Tensor target, Mask mask)
    {
        var removed = (long)mask.Plan.Images * (mask.Plan.Patches - mask.Plan.Visible);
        return ((prediction - target).Squared().mean([-1]) * mask.Removed).sum().Times(1.0 / removed);
    }

    /// <summary>
    /// The uniformity term of U-MAE (Zhang, Wang, Wang 2022): mean over all pairs of the batch, an image with itself among them,
    /// of the squared cosine between cls features. Its inverse is the effective dimension of the features.
    /// </summary>
    /// <param name="latent">[N, K + 1, D]</param>
    public static Tensor Uniformity(Tensor latent)
    {
        var features = nn.functional.normalize(latent.select(1, 0), dim: -1);
        return features.matmul(features.t()).Squared().mean();
    }

    private static Tensor Normalized(Tensor patches)
    {
        var (mean, deviation) = PatchStatistics(patches);
        return (patches - mean) / deviation;
    }
}
