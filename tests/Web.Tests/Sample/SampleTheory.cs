using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Storage.Model;

namespace MaeLab.Web.Tests.Sample;

/// <summary>What the cheap theory probes of an evaluation would say: numbers by formula, details as the engine writes them.</summary>
internal static class SampleTheory
{
    private const int Images = 10;

    /// <param name="progress">How far the training is, 0 to 1.</param>
    public static IReadOnlyList<ProbeResultRow> Cheap(Guid runId, Recipe recipe, long step, double progress)
    {
        var (depth, patches) = (recipe.Encoder.Depth, recipe.Patches());
        double Learnt(double from, double to) => from + ((to - from) * progress * (1 + (0.04 * Math.Sin(recipe.Seed + (10 * recipe.MaskRatio)))));
        IReadOnlyList<double> ranks = [.. Layers(depth, layer => (1.0 / patches) + (Learnt(0.01, 0.09) / layer))];
        IReadOnlyList<double> gains = [.. Enumerable.Range(0, depth + 1).Select(layer => Learnt(0.4, 0.6) + (0.05 * layer))];
        IReadOnlyList<double> reach = [.. Layers(recipe.Decoder.Depth, layer => Learnt(1, 0.8 + (0.15 * recipe.MaskRatio)) - (0.01 * layer))];
        var cka = Similarity(depth, Learnt(0.01, 0.12));
        return
        [
            Row(SeriesNames.KernelRank, ranks.Average(), new KernelDetails(ranks, [.. Layers(depth, layer => Spectrum(patches, 1 + layer))], Images, patches)),
            PerLayer(SeriesNames.KernelAsymmetry, Layers(depth, layer => Learnt(0.2, 0.6) / layer)),
            PerLayer(SeriesNames.KernelDivergence, Layers(depth, layer => Learnt(0.05, 1.1) / layer)),
            PerLayer(SeriesNames.AdjacentCka, Layers(depth, layer => cka[layer][layer - 1])),
            Row(SeriesNames.EndsCka, cka[0][^1], new SimilarityDetails(cka, Images)),
            PerLayer(SeriesNames.EncoderBarron, Layers(depth, layer => Learnt(700, 620) + (3 * layer))),
            PerLayer(SeriesNames.DecoderBarron, Layers(recipe.Decoder.Depth, layer => Learnt(255, 230) + layer)),
            Row(SeriesNames.PropagationGain, gains.Max(), new PropagationDetails(gains, [.. Layers(depth, layer => 0.8 / layer)], [.. Layers(depth, layer => 1.1 / layer)], Images)),
            Row(SeriesNames.AttentionReach, reach.Average(), new ReachDetails(reach, [.. Enumerable.Range(0, 4).SelectMany(image => Maps(recipe, image))], Images)),
            Row(SeriesNames.NonlocalMass, Learnt(0.95, 0.85), new NonlocalDetails([.. Layers(recipe.Decoder.Depth, _ => Learnt(0.95, 0.85))], 0.951, Images)),
            Row(SeriesNames.EffectiveDimension, Learnt(1.2, 3 + (2 * recipe.MaskRatio)), new { Images = 128, Width = recipe.Encoder.Width }),
        ];

        ProbeResultRow PerLayer(string series, IEnumerable<double> values)
        {
            var all = values.ToList();
            return Row(series, all.Average(), new LayerDetails(all));
        }

        ProbeResultRow Row<T>(string series, double value, T details) => SampleResult.Of(runId, step, series, value, details);
    }

    public static IEnumerable<T> Layers<T>(int depth, Func<int, T> of) => Enumerable.Range(1, depth).Select(of);

    private static double[] Spectrum(int patches, double decay) => [.. Enumerable.Range(0, patches).Select(n => 1.2 * Math.Exp(-decay * Math.Sqrt(n)) + 1e-5)];

    private static double[][] Similarity(int depth, double perLayer) =>
        [.. Enumerable.Range(0, depth + 1).Select(row => Enumerable.Range(0, depth + 1).Select(column => Math.Exp(-perLayer * Math.Abs(row - column))).ToArray())];

    /// <summary>Attention that falls with distance.</summary>
    private static IEnumerable<AttentionMap> Maps(Recipe recipe, int image)
    {
        var (grid, patches) = (recipe.Grid(), recipe.Patches());
        var order = Enumerable.Range(0, patches).ToArray();
        new Random(image + 100).Shuffle(order);
        return order.Reverse().Take(Math.Min(2, patches - recipe.VisiblePatches())).Select(patch =>
        {
            double[] near = [.. Enumerable.Range(0, patches).Select(other => Math.Exp(-SampleFullTheory.Distance(grid, patch, other) / 2))];
            return new AttentionMap(image, patch, order[..recipe.VisiblePatches()], [.. near.Select(weight => Math.Round(weight / near.Sum(), 5))]);
        });
    }
}
