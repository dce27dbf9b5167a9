using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Storage.Model;
using static MaeLab.Web.Tests.Sample.SampleTheory;

namespace MaeLab.Web.Tests.Sample;

/// <summary>What the longer theory probes would say of a checkpoint at the end: numbers by formula, details as the engine writes them.</summary>
internal static class SampleFullTheory
{
    private const int Images = 10;
    private static readonly double[] s_ratios = [0.25, 0.5, 0.75, 0.9];
    private static readonly int[] s_patchSizes = [2, 4, 7, 14];

    public static IReadOnlyList<ProbeResultRow> Results(Guid runId, Recipe recipe, long step)
    {
        var (depth, patches, ratio) = (recipe.Encoder.Depth, recipe.Patches(), recipe.MaskRatio);
        var wobble = 0.01 * Math.Sin((3 * recipe.Seed) + (10 * ratio));
        IReadOnlyList<QuadraturePoint> points = [.. new[] { 2, 4, 8, 16 }.Where(part => patches / part > 0).Select(part =>
            new QuadraturePoint(patches / part, 4 * ((double)part / patches - (1.0 / patches)), 6 * ((double)part / patches - (1.0 / patches))))];
        IReadOnlyList<RetentionPoint> kept = [.. s_ratios.Append(ratio).Distinct().Order().Select(own => new RetentionPoint(own, 1 - (0.4 * Math.Pow(own, 4)) + wobble, 1 - (0.2 * own)))];
        IReadOnlyList<double> leaks = [.. Enumerable.Range(0, depth + 1).Select(layer => 0.2 * ratio / (1 + layer))];
        IReadOnlyList<double> ranks = [.. Enumerable.Range(0, recipe.Decoder.Depth + 1).Select(layer => 8.0 + (4 * layer))];
        IReadOnlyList<RadiusPoint> radii = [.. Enumerable.Range(1, Math.Min(6, recipe.Grid() - 1)).Select(radius => new RadiusPoint(radius, 0.5 + (0.15 / radius)))];
        var length = 4 + (10 * ratio) + recipe.PatchSize + wobble;
        return
        [
            Row(SeriesNames.QuadratureSlope, 0.85 + wobble, new QuadratureDetails(points, 1.1, patches, 8)),
            Row(SeriesNames.PatchRank, 0.3 + wobble, new { Share = 0.99, Images }),
            Row(SeriesNames.PatchLeakage, Leak(recipe.PatchSize, recipe.MaskSampler, ratio), new LeakageDetails(
                [.. from patchSize in s_patchSizes from sampler in Enum.GetValues<MaskSampler>() from own in s_ratios select new LeakagePoint(patchSize, sampler, own, Leak(patchSize, sampler, own))], Images)),
            Row(SeriesNames.FeatureLeakage, leaks[^1], new LayerDetails(leaks) { Images = Images }),
            Row(SeriesNames.InformationRetention, kept.First(point => point.Ratio == ratio).Cka, new RetentionDetails(kept, 512)),
            Row(SeriesNames.AlignmentGap, 0.3 + (0.2 * ratio) + wobble, new AlignmentDetails(0.9, 0.6 - (0.2 * ratio), 512)),
            Row(SeriesNames.SkipConditioning, 4.5 + wobble, new ConditioningDetails([0, 0.1, 1], [.. Layers(depth, layer => (IReadOnlyList<double>)[5.0 + (0.2 * layer), 1.6, 0.4])], Images)),
            Row(SeriesNames.DecoderLift, ranks[^1] / ranks[0], new LayerDetails(ranks) { Images = 64 }),
            Row(SeriesNames.DecoderLossRatio, 0.9 - (0.1 * ratio) + wobble, new DecoderLossDetails(0.45, 0.45 / (0.9 - (0.1 * ratio)), 64, 64)),
            Row(SeriesNames.GlobalGain, 0.3 + wobble, new BaselineDetails(new(0.45, 0.64, 0.72, 0.98), 64)),
            Row(SeriesNames.NeighbourLossRatio, radii[0].Loss / radii[^1].Loss, new RadiusDetails(radii, 40)),
            Row(SeriesNames.InfluenceLength, length, new InfluenceDetails(Decay(recipe.PatchSize, length), [Map(recipe, 0), Map(recipe, 1)])),
            Row(SeriesNames.LinearInfluenceLength, length - 3, new LinearTheoryDetails(
                [.. from patchSize in s_patchSizes from own in s_ratios select new LinearCurve(patchSize, own, Decay(patchSize, 2 + (8 * own) + patchSize))])),
        ];

        ProbeResultRow Row<T>(string series, double value, T details) => SampleResult.Of(runId, step, series, value, details);
    }

    /// <summary>Between the centres of two patches, in patches.</summary>
    public static double Distance(int grid, int one, int other) => Math.Sqrt(Math.Pow((one / grid) - (other / grid), 2) + Math.Pow((one % grid) - (other % grid), 2));

    private static double Leak(int patchSize, MaskSampler sampler, double ratio) => Math.Pow(ratio, 3) * Math.Min(1, patchSize / 16.0) * (sampler == MaskSampler.Block ? 1.4 : 1);

    private static InfluenceCurve Decay(int patchSize, double length)
    {
        double[] distances = [.. Enumerable.Range(1, 28 / patchSize).Select(n => (double)n * patchSize)];
        return new(distances, [.. distances.Select(distance => 0.1 * Math.Exp(-distance / length))], [.. distances.Select(_ => 20)], length);
    }

    private static InfluenceMap Map(Recipe recipe, int image)
    {
        var patch = recipe.Patches() / 2;
        int[] painted = [.. Enumerable.Range(0, recipe.Patches()).Where(other => other != patch).Take(Math.Min(24, recipe.VisiblePatches()))];
        return new(image, patch, recipe.Patches(), painted, [.. painted.Select(other => 0.1 * Math.Exp(-Distance(recipe.Grid(), patch, other)))]);
    }
}
