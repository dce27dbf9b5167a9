using MaeLab.Domain.Recipes;
using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// Q1c, how the representation space is optimised: an upper bound of the Barron norm of every block's two-layer network
/// x -> fc2 GELU(fc1 x + b), sum_k |fc2[:, k]|_2 (|fc1[k, :]|_1 + |b_k|) over its hidden units k (E, Ma, Wu 2019, for a
/// rectifier; here a proxy). Weights only. Inspired by Cao, Xu, Clifton 2022, who place MAE's functions in the Barron space.
/// </summary>
internal static class BarronNorm
{
    /// <param name="prefix">Blocks of the encoder or of the decoder.</param>
    /// <returns>One value a block.</returns>
    public static double[] OfBlocks(Weights weights, string prefix, TransformerShape shape) =>
        [.. Enumerable.Range(0, shape.Depth).Select(block => $"{prefix}.{block}.mlp").Select(mlp =>
            Of(weights[$"{mlp}.fc1.weight"], weights[$"{mlp}.fc1.bias"], weights[$"{mlp}.fc2.weight"]))];

    /// <param name="inner">[4 w, w]</param>
    /// <param name="bias">[4 w]</param>
    /// <param name="outer">[w, 4 w]</param>
    public static double Of(Tensor inner, Tensor bias, Tensor outer)
    {
        using var scope = NewDisposeScope();
        var input = inner.abs().sum([1L]).Plus(bias.abs());
        return outer.Squared().sum([0L]).sqrt().dot(input).Values()[0];
    }
}
