using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Charts;
using MaeLab.Web.Presentation;
using static MaeLab.Web.Features.Theory.FigurePanels;

namespace MaeLab.Web.Features.Theory;

/// <summary>The pictures of each question, of one or two runs.</summary>
public static class TheoryFigures
{
    private static readonly SliceAxis s_ratio = new("Mask ratio");

    public static IReadOnlyList<TheoryFigure> Of(TheoryTopic topic, IReadOnlyList<TheorySide> sides) =>
        [.. OfTopic(topic, sides).Select(figure => figure with { Panels = Gather(figure.Panels) })];

    private static IReadOnlyList<TheoryFigure> OfTopic(TheoryTopic topic, IReadOnlyList<TheorySide> sides) => topic switch
    {
        TheoryTopic.Kernel => Kernel(sides),
        TheoryTopic.Patches => Patches(sides),
        TheoryTopic.Layers => Layered(sides),
        TheoryTopic.Decoder => Decoder(sides),
        TheoryTopic.Interpolation => Interpolation(sides),
        TheoryTopic.Beside => Beside(sides),
        _ => throw new ArgumentOutOfRangeException(nameof(topic), topic, "Unknown question."),
    };

    private static IReadOnlyList<TheoryFigure> Kernel(IReadOnlyList<TheorySide> sides) =>
    [
        new("Singular values of attention", SeriesNames.KernelRank, "Largest first, a line for each layer, means over images and heads. A flat line is a kernel that uses all its directions.",
            [.. Pair<KernelDetails>("", SeriesNames.KernelRank, sides, new("Index"), new("Singular value", Log: true), (_, details) =>
                details.Spectra.Select((spectrum, layer) => ($"layer {layer + 1}", Text(layer + 1), spectrum.Select((value, n) => (n + 1.0, value)))))]),
        new("Kernels layer by layer", SeriesNames.KernelRank, "From the input on.",
        [
            .. Overlay<KernelDetails>(Label(SeriesNames.KernelRank), SeriesNames.KernelRank, sides, LayerAxis(), new("Effective rank / L"), details => Layers(details.PerLayer)),
            .. PerLayer(SeriesNames.KernelAsymmetry, sides), .. PerLayer(SeriesNames.KernelDivergence, sides),
            .. PerLayer(SeriesNames.EncoderBarron, sides), .. PerLayer(SeriesNames.DecoderBarron, sides),
        ]),
        new("Error of the quadrature", SeriesNames.QuadratureSlope, "Relative error with n of L patches visible, against 1/n − 1/L; both axes are logarithmic, so that the slope is the probe.",
        [
            .. Quadrature("First attention", sides, point => point.FirstLayer),
            .. Quadrature("Whole encoder", sides, point => point.Encoder),
        ]),
    ];

    private static IReadOnlyList<TheoryFigure> Patches(IReadOnlyList<TheorySide> sides) =>
    [
        new("Leakage of the patches", SeriesNames.PatchLeakage, "What visible patches leave out of the data, by mask ratio: for random masks by patch size, and at the run's own patch size by sampler.",
        [
            .. Pair<LeakageDetails>("random masks", SeriesNames.PatchLeakage, sides, s_ratio, new("Leakage", Percent: true), (_, details) =>
                from point in details.Sweep where point.Sampler == MaskSampler.Random group point by point.PatchSize into own
                orderby own.Key select ($"patch size {own.Key}", Text(own.Key), own.Select(point => (point.Ratio, point.Leakage)))),
            .. Pair<LeakageDetails>("patch size of the run", SeriesNames.PatchLeakage, sides, s_ratio, new("Leakage", Percent: true), (side, details) =>
                from point in details.Sweep where point.PatchSize == side.Run.PatchSize group point by EnumWord.Of(point.Sampler) into own
                select (own.Key, own.Key, own.Select(point => (point.Ratio, point.Leakage)))),
        ]),
        new("Information retained", SeriesNames.InformationRetention, "How alike the features of masked and whole images are, by the ratio masked.",
        [
            .. Overlay<RetentionDetails>("CKA", SeriesNames.InformationRetention, sides, s_ratio, new("CKA"), details => details.Curve.Select(point => (point.Ratio, point.Cka))),
            .. Overlay<RetentionDetails>("Cosine", SeriesNames.InformationRetention, sides, s_ratio, new("Mean cosine"), details => details.Curve.Select(point => (point.Ratio, point.Cosine))),
        ]),
        new("Leakage of the features", SeriesNames.FeatureLeakage, "The same of every layer's features; 0 is the embedding.", [.. PerLayer(SeriesNames.FeatureLeakage, sides, first: 0)]),
    ];

    private static IReadOnlyList<TheoryFigure> Layered(IReadOnlyList<TheorySide> sides) =>
    [
        new("Similarity of layers", SeriesNames.EndsCka, "Linear CKA of any two layers of the encoder; 0 is the embedding. Both maps have one scale.", SimilarityMaps.Of(sides)),
        new("Propagation", SeriesNames.PropagationGain, "What a small disturbance grows to, and how long the steps are that attention and MLP add to the stream.",
        [
            .. Overlay<PropagationDetails>("Gain", SeriesNames.PropagationGain, sides, LayerAxis(), new("Gain"), details => Layers(details.PerLayer, first: 0)),
            .. Overlay<PropagationDetails>("Step of attention", SeriesNames.PropagationGain, sides, LayerAxis(), new("Step / stream"), details => Layers(details.AttentionSteps)),
            .. Overlay<PropagationDetails>("Step of the MLP", SeriesNames.PropagationGain, sides, LayerAxis(), new("Step / stream"), details => Layers(details.MlpSteps)),
            .. PerLayer(SeriesNames.AdjacentCka, sides),
        ]),
        new("Condition of attention", SeriesNames.SkipConditioning, "Condition number of a I + A by the weight a of the skip connection.",
            [.. Pair<ConditioningDetails>("", SeriesNames.SkipConditioning, sides, LayerAxis(), new("log₁₀ cond"), (_, details) =>
                details.SkipWeights.Select((weight, n) => ($"a = {Format.Number(weight)}", Format.Number(weight), Layers(details.PerLayer.Select(layer => layer[n])))))]),
    ];

    private static IReadOnlyList<TheoryFigure> Decoder(IReadOnlyList<TheorySide> sides) =>
    [
        new("Effective rank in the decoder", SeriesNames.DecoderLift, "Of the patch tokens, before the first block (0) and after each.", [.. PerLayer(SeriesNames.DecoderLift, sides, first: 0)]),
        new("Loss with and without the decoder's blocks", SeriesNames.DecoderLossRatio, "The head is a ridge regression from the same tokens, fitted on other images.",
            [.. Facts<DecoderLossDetails>(SeriesNames.DecoderLossRatio, sides, ("Decoder", details => details.Decoder), ("Linear head", details => details.Head))]),
    ];

    private static IReadOnlyList<TheoryFigure> Interpolation(IReadOnlyList<TheorySide> sides) =>
    [
        new("Attention of removed patches", SeriesNames.AttentionReach, "Where the framed patch attends to in the decoder's last layer, mean over the heads; what the model did not see is grey.", PatchMaps.Attention(sides)),
        new("Reach layer by layer", SeriesNames.AttentionReach, "In the decoder; 1 is the reach of uniform attention.",
        [
            .. Overlay<ReachDetails>(Label(SeriesNames.AttentionReach), SeriesNames.AttentionReach, sides, LayerAxis("Decoder layer"), new("Reach"), details => Layers(details.PerLayer)),
            .. Overlay<NonlocalDetails>(Label(SeriesNames.NonlocalMass), SeriesNames.NonlocalMass, sides, LayerAxis("Decoder layer"), new("Share", Percent: true), details => Layers(details.PerLayer)),
            .. Facts<NonlocalDetails>(SeriesNames.NonlocalMass, sides, ("Non-local mass, mean", details => details.PerLayer.Average()), ("Of uniform attention", details => details.Uniform)),
        ]),
        new("Influence of visible patches", SeriesNames.InfluenceLength, "How much the prediction of the framed patch changes when a visible patch is painted over with its mean colour (at most 24 of them in an image); below by distance.",
            [.. PatchMaps.Influence(sides), .. Overlay<InfluenceDetails>("By distance", SeriesNames.InfluenceLength, sides, new("Distance in pixels"), new("Influence", Log: true), details => Points(details.Curve))]),
        new("Loss by radius", SeriesNames.NeighbourLossRatio, "Loss when only the visible patches within the radius are given; the last radius is the whole image.",
            [.. Overlay<RadiusDetails>("", SeriesNames.NeighbourLossRatio, sides, new("Radius in patches"), new("Loss"), details => details.Curve.Select(point => ((double)point.Radius, point.Loss)))]),
        new("Against interpolation", SeriesNames.GlobalGain, "Losses of the same removed patches.",
            [.. Facts<BaselineDetails>(
                SeriesNames.GlobalGain, sides, ("Model", details => details.Losses.Model), ("Inverse distance", details => details.Losses.InverseDistance),
                ("Nearest visible patch", details => details.Losses.Nearest), ("Mean colour", details => details.Losses.MeanColor))]),
    ];

    private static IReadOnlyList<TheoryFigure> Beside(IReadOnlyList<TheorySide> sides) =>
    [
        new("Linear theory", SeriesNames.LinearInfluenceLength, "Of the best linear masked autoencoder of the data: influence by distance at the run's own patch size, and its length over mask ratio and patch size.",
        [
            .. Pair<LinearTheoryDetails>("by mask ratio", SeriesNames.LinearInfluenceLength, sides, new("Distance in pixels"), new("Influence", Log: true), (side, details) =>
                details.Sweep.Where(curve => curve.PatchSize == side.Run.PatchSize).OrderBy(curve => curve.Ratio).Select(curve => ($"mask ratio {Format.Number(curve.Ratio)}", Format.Number(curve.Ratio), Points(curve.Curve)))),
            .. Pair<LinearTheoryDetails>("influence length", SeriesNames.LinearInfluenceLength, sides, s_ratio, new("Length in pixels"), (_, details) =>
                from curve in details.Sweep where curve.Curve.Length is not null group curve by curve.PatchSize into own
                orderby own.Key select ($"patch size {own.Key}", Text(own.Key), own.OrderBy(curve => curve.Ratio).Select(curve => (curve.Ratio, curve.Curve.Length!.Value)))),
        ]),
        new("Alignment", SeriesNames.AlignmentGap, "Mean cosine of the features of two masked views.",
            [.. Facts<AlignmentDetails>(SeriesNames.AlignmentGap, sides, ("Of one image", details => details.Same), ("Of different images", details => details.Different))]),
    ];

    private static IEnumerable<TheoryPanel> PerLayer(string probe, IReadOnlyList<TheorySide> sides, int first = 1) =>
        Overlay<LayerDetails>(Label(probe), probe, sides, LayerAxis(), new(Label(probe)), details => Layers(details.PerLayer, first));

    private static IEnumerable<TheoryPanel> Quadrature(string heading, IReadOnlyList<TheorySide> sides, Func<QuadraturePoint, double> error) => Overlay<QuadratureDetails>(
        heading, SeriesNames.QuadratureSlope, sides, new("1/n − 1/L", Log: true), new("Relative error", Log: true),
        details => details.Points.Select(point => ((1.0 / point.Visible) - (1.0 / details.Patches), error(point))));

    private static IEnumerable<(double X, double Y)> Points(InfluenceCurve curve) => curve.Distances.Zip(curve.Influence);

    private static string Label(string probe) => MetricInfo.Of(probe).Label;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
