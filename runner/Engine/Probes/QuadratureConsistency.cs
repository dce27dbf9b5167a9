using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// Q1b, whether attention is an integral over the image and masking a sampling of its nodes: with n of L patches visible, at random,
/// err(n) = E |z_n(x) - z_L(x)|^2 / E |z_L(x)|^2 over the patches x that are visible, z [N, T, D] being the output of a layer. Monte Carlo
/// quadrature without replacement has err ~ 1/n - 1/L: slope 1 of the logarithms. Inspired by Cao, Xu, Clifton 2022.
/// </summary>
internal static class QuadratureConsistency
{
    private const int Draws = 8;

    /// <returns>Nothing for an encoder with mask tokens: it integrates over all nodes, whatever is visible.</returns>
    public static IEnumerable<ProbeResult> Run(Subject subject, Interruption interruption)
    {
        var patches = subject.Shape.Patches;
        var points = subject.Shape.EncoderMaskTokens ? [] : Measure(subject, interruption);
        return Slope(points, patches, point => point.FirstLayer) is { } slope
            ? [Readout.Result(SeriesNames.QuadratureSlope, slope, new QuadratureDetails(points, Slope(points, patches, point => point.Encoder), patches, Draws))]
            : [];
    }

    /// <summary>The slope of ln err over ln(1/n - 1/L); null where fewer than two errors differ from 0.</summary>
    public static double? Slope(IEnumerable<QuadraturePoint> points, int patches, Func<QuadraturePoint, double> error) => LineFit.Slope(
        [.. points.Where(point => error(point) > 0).Select(point => (Math.Log((1.0 / point.Visible) - (1.0 / patches)), Math.Log(error(point)), 1.0))]);

    private static List<QuadraturePoint> Measure(Subject subject, Interruption interruption)
    {
        var images = subject.Choose(subject.Traced);
        var input = subject.Images(images);
        var whole = Outputs(trace => subject.Model.EncodeAll(subject.Weights, input, trace));
        var points = new List<QuadraturePoint>();
        foreach (var visible in new[] { 2, 4, 8, 16 }.Select(part => subject.Shape.Patches / part).Where(visible => visible > 0))
        {
            interruption.Check();
            using var scope = NewDisposeScope();
            var errors = Enumerable.Range(0, Draws).Select(draw =>
            {
                using var ofDraw = NewDisposeScope();
                var mask = subject.RandomMask(images, visible, draw);
                var part = Outputs(trace => subject.Model.Encode(subject.Weights, input, mask, trace));
                return (First: Error(part.First, whole.First, mask), Encoder: Error(part.Encoder, whole.Encoder, mask));
            }).ToList();
            points.Add(new(visible, errors.Average(error => error.First), errors.Average(error => error.Encoder)));
        }

        return points;
    }

    /// <returns>[N T', D] of the patches, what the first attention adds and what the encoder makes of them.</returns>
    private static (Tensor First, Tensor Encoder) Outputs(Func<BlockTrace, Tensor> encode)
    {
        var trace = new BlockTrace();
        var latent = encode(trace);
        return (Subject.PatchTokens(trace.Middles[0] - trace.States[0]), Subject.PatchTokens(latent));
    }

    /// <param name="part">[N K, D]</param>
    /// <param name="whole">[N L, D]</param>
    private static double Error(Tensor part, Tensor whole, Mask mask)
    {
        var reference = whole.index_select(0, mask.VisibleRows);
        return (part - reference).Squared().sum().Values()[0].Over(reference.Squared().sum().Values()[0]);
    }
}
