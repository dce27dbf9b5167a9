using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// The theory probes that are cheap enough for every evaluation: a few images, some passes, small matrices. One result a series; the
/// details hold the layers behind a mean, spectra, maps.
/// </summary>
internal static class CheapTheory
{
    /// <summary>Of the images' own length.</summary>
    private const double NoiseShare = 0.01;

    /// <summary>Images by whose features the effective dimension is told; it cannot exceed their number.</summary>
    private const int FeatureImages = 128;

    /// <summary>Removed patches whose attention is shown, each of another image.</summary>
    private const int ShownMaps = 4;

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="EvaluationStoppedException">The sink wants the run to stop.</exception>
    public static IReadOnlyList<ProbeResult> Run(Subject subject, Interruption interruption)
    {
        using var free = no_grad();
        var images = subject.Choose(subject.Traced);
        var results = new List<ProbeResult>();
        foreach (var probe in new Func<Subject, int[], ProbeResult[]>[] { Kernel, Barron, Propagation, Reach })
        {
            interruption.Check();
            using var scope = NewDisposeScope();
            results.AddRange(probe(subject, images));
        }

        using var ofFeatures = NewDisposeScope();
        var features = subject.Features(subject.Choose(FeatureImages), interruption);
        return [.. results, Readout.Result(SeriesNames.EffectiveDimension, FeatureDimension.Of(features), new { Images = features.shape[0], Width = features.shape[1] })];
    }

    /// <summary>Q1a and Q3a, on the encoder with every patch visible.</summary>
    private static ProbeResult[] Kernel(Subject subject, int[] images)
    {
        var trace = new BlockTrace();
        subject.Model.EncodeAll(subject.Weights, subject.Images(images), trace);
        var kernels = trace.Maps.Select(AttentionKernel.Of).ToList();
        var cka = LayerSimilarity.Matrix([.. trace.States.Select(Subject.PatchTokens)]);
        var ranks = kernels.Select(kernel => kernel.EffectiveRank / subject.Shape.Patches).ToList();
        return
        [
            Readout.Result(SeriesNames.KernelRank, ranks.Average(), new
            {
                PerLayer = ranks.Short(),
                Spectra = kernels.Select(kernel => kernel.Spectrum.Short()),
                Images = images.Length,
                subject.Shape.Patches,
            }),
            Layers(SeriesNames.KernelAsymmetry, kernels.Select(kernel => kernel.Asymmetry)),
            Layers(SeriesNames.KernelDivergence, kernels.Select(kernel => kernel.Divergence)),
            Layers(SeriesNames.AdjacentCka, cka.Skip(1).Select((row, above) => row[above])),
            Readout.Result(SeriesNames.EndsCka, cka[0][^1], new { Matrix = cka.Select(row => row.Short()), Images = images.Length }),
        ];
    }

    /// <summary>Q1c.</summary>
    private static ProbeResult[] Barron(Subject subject, int[] images) =>
    [
        Layers(SeriesNames.EncoderBarron, BarronNorm.OfBlocks(subject.Weights, MaeParameters.EncoderBlocks, subject.Shape.Encoder)),
        Layers(SeriesNames.DecoderBarron, BarronNorm.OfBlocks(subject.Weights, MaeParameters.DecoderBlocks, subject.Shape.Decoder)),
    ];

    /// <summary>Q3b, on the encoder under the gallery's masks.</summary>
    private static ProbeResult[] Propagation(Subject subject, int[] images)
    {
        var input = subject.Images(images);
        var noise = subject.Noise(images);
        var scale = NoiseShare * PropagationGain.Length(input).Over(PropagationGain.Length(noise));
        var mask = subject.GalleryMask(images);
        BlockTrace clean = new(), disturbed = new();
        subject.Model.Encode(subject.Weights, input, mask, clean);
        subject.Model.Encode(subject.Weights, input.Plus(noise.Times(scale)), mask, disturbed);
        var measure = PropagationGain.Of(clean, disturbed, NoiseShare);
        return
        [
            Readout.Result(SeriesNames.PropagationGain, measure.Gain.Max(), new
            {
                PerLayer = measure.Gain.Short(),
                AttentionSteps = measure.AttentionSteps.Short(),
                MlpSteps = measure.MlpSteps.Short(),
                Images = images.Length,
            }),
        ];
    }

    /// <summary>Q5a, on the decoder under the gallery's masks.</summary>
    private static ProbeResult[] Reach(Subject subject, int[] images)
    {
        var mask = subject.GalleryMask(images);
        var trace = new BlockTrace();
        subject.Predict(subject.Images(images), mask, trace);
        var layers = trace.Maps.Select(maps => AttentionReach.Of(maps, mask, subject.Shape.Grid)).ToList();
        return
        [
            Readout.Result(SeriesNames.AttentionReach, layers.Average(layer => layer.Reach), new
            {
                PerLayer = layers.Select(layer => layer.Reach).Short(),
                Maps = Enumerable.Range(0, Math.Min(ShownMaps, images.Length)).Select(image => Shown(trace.Maps[^1], mask.Plan, image)),
                Images = images.Length,
            }),
            Readout.Result(SeriesNames.NonlocalMass, layers.Average(layer => layer.NonlocalMass), new
            {
                PerLayer = layers.Select(layer => layer.NonlocalMass).Short(),
                Uniform = layers[0].UniformNonlocalMass,
                Images = images.Length,
            }),
        ];
    }

    /// <summary>The last layer's attention of the patch that was removed last, mean over the heads: over the whole image, cls left out.</summary>
    private static object Shown(Tensor maps, MaskPlan plan, int image)
    {
        var order = plan.Order.AsSpan(image * plan.Patches, plan.Patches);
        return new
        {
            Image = image,
            Patch = order[^1],
            Visible = order[..plan.Visible].ToArray(),
            Weights = AttentionKernel.PatchBlock(maps)[image].mean([0L])[order[^1]].Values().Short(),
        };
    }

    private static ProbeResult Layers(string series, IEnumerable<double> values)
    {
        var all = values.ToList();
        return Readout.Result(series, all.Average(), new { PerLayer = all.Short() });
    }
}
