using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
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

    private const int ShownImages = 4;

    /// <summary>Removed patches of an image whose attention is shown: fewer where a map is long, so that the details stay small.</summary>
    private const int MostShown = 4;
    private const int ShownWeights = 512;

    /// <summary>Of the first image as many as fit, for readers to choose among: all at 49 patches.</summary>
    private const int ChoosableWeights = 4096;

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="StoppedMidwayException">The sink wants the run to stop.</exception>
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
            Readout.Result(SeriesNames.KernelRank, ranks.Average(), new KernelDetails(
                ranks.Short(), [.. kernels.Select(kernel => kernel.Spectrum.Short())], images.Length, subject.Shape.Patches)),
            Layers(SeriesNames.KernelAsymmetry, kernels.Select(kernel => kernel.Asymmetry)),
            Layers(SeriesNames.KernelDivergence, kernels.Select(kernel => kernel.Divergence)),
            Layers(SeriesNames.AdjacentCka, cka.Skip(1).Select((row, above) => row[above])),
            Readout.Result(SeriesNames.EndsCka, cka[0][^1], new SimilarityDetails([.. cka.Select(row => row.Short())], images.Length)),
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
            Readout.Result(SeriesNames.PropagationGain, measure.Gain.Max(), new PropagationDetails(
                measure.Gain.Short(), measure.AttentionSteps.Short(), measure.MlpSteps.Short(), images.Length)),
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
            Readout.Result(SeriesNames.AttentionReach, layers.Average(layer => layer.Reach), new ReachDetails(
                layers.Select(layer => layer.Reach).Short(),
                [.. Enumerable.Range(0, Math.Min(ShownImages, images.Length)).SelectMany(image => Shown(trace.Maps[^1], mask.Plan, image))],
                images.Length)),
            Readout.Result(SeriesNames.NonlocalMass, layers.Average(layer => layer.NonlocalMass), new NonlocalDetails(
                layers.Select(layer => layer.NonlocalMass).Short(), layers[0].UniformNonlocalMass, images.Length)),
        ];
    }

    /// <summary>The last layer's attention of the patches that were removed last, mean over the heads: over the whole image, cls left out.</summary>
    private static IEnumerable<AttentionMap> Shown(Tensor maps, MaskPlan plan, int image)
    {
        using var scope = NewDisposeScope();
        var order = plan.Order[(image * plan.Patches)..((image + 1) * plan.Patches)];
        var attention = AttentionKernel.PatchBlock(maps)[image].mean([0L]).Values();
        var most = image == 0 ? Math.Max(ChoosableWeights / plan.Patches, 1) : Math.Clamp(ShownWeights / plan.Patches, 1, MostShown);
        var shown = Math.Min(most, plan.Patches - plan.Visible);
        return [.. order.Reverse().Take(shown).Select(patch => new AttentionMap(
            image, patch, order[..plan.Visible], attention[(patch * plan.Patches)..((patch + 1) * plan.Patches)].Short()))];
    }

    private static ProbeResult Layers(string series, IEnumerable<double> values)
    {
        var all = values.ToList();
        return Readout.Result(series, all.Average(), new LayerDetails(all.Short()));
    }
}
