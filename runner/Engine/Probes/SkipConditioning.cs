using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// Q3c, the skip connection as a regularisation in Tikhonov's sense: the condition number, largest over smallest singular value, of an
/// attention kernel A [L, L] alone and with a skip of weight a, a I + A. Means of the decimal logarithms over images and heads; the headline is
/// how many orders of magnitude the skip (a = 1) takes off. Inspired by Cao, Xu, Clifton 2022, who read the residual block as a
/// Fredholm equation of the second kind.
/// </summary>
internal static class SkipConditioning
{
    /// <summary>Maps come in single precision: what is below it counts as that much.</summary>
    private const double Rounding = 1.0 / (1 << 24);

    private static readonly double[] s_weights = [0, 0.1, 1];

    public static IEnumerable<ProbeResult> Run(Subject subject, Interruption interruption)
    {
        interruption.Check();
        var images = subject.Choose(subject.Traced);
        var trace = new BlockTrace();
        subject.Model.EncodeAll(subject.Weights, subject.Images(images), trace);
        var layers = trace.Maps.Select(maps => s_weights.Select(weight => LogCondition(AttentionKernel.PatchBlock(maps), weight)).ToArray()).ToList();
        yield return Readout.Result(SeriesNames.SkipConditioning, layers.Average(layer => layer[0] - layer[^1]), new ConditioningDetails(
            s_weights, [.. layers.Select(layer => layer.Short())], images.Length));
    }

    /// <param name="kernels">[..., L, L]</param>
    /// <returns>Mean of log10(s_max / s_min) of a I + A.</returns>
    public static double LogCondition(Tensor kernels, double weight)
    {
        using var scope = NewDisposeScope();
        var exact = kernels.to(ScalarType.Float64);
        var singular = linalg.svdvals(exact.Plus(eye(exact.shape[^1], dtype: ScalarType.Float64, device: exact.device).Times(weight)));
        return singular.Values().Chunk((int)singular.shape[^1]).Average(values => Math.Log10(values[0].Over(Math.Max(values[^1], Rounding * values[0]))));
    }
}
