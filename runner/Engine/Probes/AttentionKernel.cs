using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <param name="EffectiveRank">Mean over images and heads, 1 to L.</param>
/// <param name="Asymmetry">0 for symmetric kernels.</param>
/// <param name="Divergence">Nats; 0 for uniform attention, ln T for attention to one token.</param>
/// <param name="Spectrum">[L] mean singular values, largest first.</param>
internal sealed record KernelMeasure(double EffectiveRank, double Asymmetry, double Divergence, double[] Spectrum);

/// <summary>
/// Q1a, how the representation space is formed: attention read as an integral kernel k(x, y) sampled at the patches. For the patch x
/// patch block A [L, L] of a map: effective rank exp(-sum p ln p) of its singular values (p = s / sum s), asymmetry
/// |A - A^T| / |A + A^T| (Frobenius), and for the whole rows of T tokens the divergence from the uniform kernel, sum_j a_j ln(T a_j).
/// Inspired by Cao, Xu, Clifton 2022 (arXiv 2202.03670). T tokens, token 0 is cls, L = T - 1.
/// </summary>
internal static class AttentionKernel
{
    /// <param name="maps">[N, heads, T, T] of one layer, every patch visible.</param>
    public static KernelMeasure Of(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var kernels = PatchBlock(maps).flatten(0, 1);
        var transposed = kernels.transpose(-2, -1);
        Tensor odd = (kernels - transposed).Squared().sum([1L, 2L]).sqrt(), even = kernels.Plus(transposed).Squared().sum([1L, 2L]).sqrt();
        var singular = linalg.svdvals(kernels);
        var entropy = special.entr(maps).sum([-1L]).mean().Values()[0];
        return new(
            singular.Values().Chunk((int)kernels.shape[1]).Average(values => Spectra.EffectiveRank(values)),
            odd.Values().Zip(even.Values(), Readout.Over).Average(),
            Math.Log(maps.shape[^1]) - entropy,
            singular.mean([0L]).Values());
    }

    /// <returns>[..., L, L]: queries and keys that are patches.</returns>
    public static Tensor PatchBlock(Tensor maps)
    {
        var patches = maps.shape[^1] - 1;
        return maps.narrow(-2, 1, patches).narrow(-1, 1, patches);
    }
}
