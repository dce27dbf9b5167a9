using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// Q2a, why patches at random suffice: an image's patches as the rows of M [L, P], their mean taken off, lie in the row space of the
/// visible ones M_S [K, P] up to leak = |M - M V V^T|^2 / |M|^2, V the right singular vectors of M_S. 0 where the visible patches span all, which they can once
/// K reaches the rank of M. Of the data without any model, over mask ratio, patch size and sampler; and of every layer's features in place of
/// pixels. With it the share of min(L, P) directions that hold 99 % of |M|^2. Inspired by the low-rank argument of Cao, Xu, Clifton 2022.
/// </summary>
internal static class RowSpaceLeakage
{
    /// <summary>Singular values below this share of the largest are rounding: pixels and features come in single precision.</summary>
    private const double Rounding = 1e-6;

    private const double Energy = 0.99;

    /// <summary>Finer grids and longer patches than these take minutes.</summary>
    private const int MostGrid = 32;
    private const int MostValues = 1024;

    public static IEnumerable<ProbeResult> Run(Subject subject, Interruption interruption)
    {
        var images = subject.Choose(subject.Traced);
        var input = subject.Images(images);
        var (recipe, shape) = (subject.Recipe, subject.Shape);
        var own = Patches.ForTarget(input, shape);
        var rank = RelativeRank(own);
        yield return Readout.Result(SeriesNames.PatchRank, rank, new { Share = Energy, Images = images.Length });

        var sweep = new List<LeakagePoint>();
        foreach (var patchSize in PatchSizes(shape))
        {
            var cut = shape with { PatchSize = patchSize };
            var patches = Patches.ForTarget(input, cut);
            foreach (var sampler in Enum.GetValues<MaskSampler>())
            {
                interruption.Check();
                sweep.AddRange(Sweep.Ratios(recipe).Select(ratio => new LeakagePoint(patchSize, sampler, ratio, Leak(patches, cut.Grid, ratio, sampler).Short())));
            }
        }

        yield return Readout.Result(SeriesNames.PatchLeakage, Leak(own, shape.Grid, recipe.MaskRatio, recipe.MaskSampler), new LeakageDetails(sweep, images.Length));

        var trace = new BlockTrace();
        subject.Model.EncodeAll(subject.Weights, input, trace);
        var layers = trace.States.Select(state => Leak(state.narrow(1, 1, shape.Patches), shape.Grid, recipe.MaskRatio, recipe.MaskSampler)).ToList();
        yield return Readout.Result(SeriesNames.FeatureLeakage, layers[^1], new LayerDetails(layers.Short()) { Images = images.Length });

        double Leak(Tensor rows, int grid, double ratio, MaskSampler sampler) =>
            Of(rows, Subject.Masks(sampler, grid, Math.Max(1, Recipe.VisiblePatches(grid * grid, ratio)), images));
    }

    /// <param name="rows">[N, L, P]</param>
    /// <returns>Mean over the images.</returns>
    public static double Of(Tensor rows, MaskPlan plan)
    {
        using var scope = NewDisposeScope();
        var matrix = Centre(rows);
        var visible = matrix.flatten(0, 1).index_select(0, tensor(plan.VisibleRows(), device: rows.device)).view(plan.Images, plan.Visible, -1);
        var (_, singular, directions) = linalg.svd(visible, fullMatrices: false);
        var threshold = singular.narrow(-1, 0, 1).Times(Rounding);
        var basis = directions * singular.gt(threshold).to(ScalarType.Float64).unsqueeze(-1);
        var rest = matrix - matrix.matmul(basis.transpose(-2, -1)).matmul(basis);
        return PerImage(rest).Zip(PerImage(matrix), Readout.Over).Average(share => share > Rounding * Rounding ? share : 0);
    }

    /// <param name="rows">[N, L, P]</param>
    /// <returns>rank_99 / min(L, P), mean over the images.</returns>
    public static double RelativeRank(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var singular = linalg.svdvals(Centre(rows));
        var directions = (int)singular.shape[^1];
        return singular.Values().Chunk(directions).Average(values => (double)Spectra.Rank(values, Energy) / directions);
    }

    private static Tensor Centre(Tensor rows)
    {
        var exact = rows.to(ScalarType.Float64);
        return exact - exact.mean([1], keepdim: true);
    }

    private static double[] PerImage(Tensor matrices) => matrices.Squared().sum([1L, 2L]).Values();

    private static IEnumerable<int> PatchSizes(MaeShape shape) => Sweep.PatchSizes(shape.ImageSize)
        .Where(patchSize => shape.ImageSize / patchSize <= MostGrid && shape.Channels * patchSize * patchSize <= MostValues);
}
