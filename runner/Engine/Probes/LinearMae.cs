using MaeLab.Domain.Metrics;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// What a linear masked autoencoder would do, from the data alone: for images X [n, d] whose patches are removed independently with
/// probability m, the W that minimises E |X - (R o X) W|^2 is W = V^-1 S with S = X^T X / n, V = (1 - m) S + m blkdiag(S), blkdiag keeping
/// what lies within a patch. At m = 0 it copies. The influence of patch j on patch i is what j adds to the prediction, E |x_j W_ji|^2 =
/// tr(W_ji^T S_jj W_ji); how it decays with distance is to be laid beside <see cref="InfluenceLength"/> of a trained model.
/// After Bisulco, Ramesh, Balestriero, Chaudhari 2025 (arXiv 2508.15404), derived anew for such masks.
/// </summary>
internal static class LinearMae
{
    private const int Images = 2048;
    private const int Batch = 256;

    /// <summary>Larger images are shrunk, patches keeping their places: a solution takes (side)^6 operations.</summary>
    private const int MostSide = 32;

    /// <summary>Of the pixels' mean variance; borders that are black in all images have none of their own.</summary>
    private const double Ridge = 1e-4;

    /// <returns>Nothing where the grid is too fine.</returns>
    public static IEnumerable<ProbeResult> Run(Subject subject, Interruption interruption)
    {
        var shape = subject.Shape;
        var curves = Sweep.PatchSizes(shape.ImageSize).Append(shape.PatchSize).Distinct().Where(patchSize => shape.ImageSize / patchSize <= MostSide)
            .SelectMany(patchSize => Curves(subject, patchSize, interruption)).ToList();
        return curves.FirstOrDefault(curve => curve.PatchSize == shape.PatchSize && curve.Ratio == subject.Recipe.MaskRatio) is { } own
            ? [Readout.Result(SeriesNames.LinearInfluenceLength, own.Curve.LengthWithin(shape.ImageSize), new LinearTheoryDetails(curves))]
            : [];
    }

    /// <param name="second">S [d, d], patch by patch.</param>
    /// <returns>W [d, d]: the image from the masked image.</returns>
    public static Tensor Solve(Tensor second, double ratio, int patches)
    {
        using var scope = NewDisposeScope();
        long values = second.shape[0], perPatch = values / patches;
        var within = eye(patches, dtype: second.dtype, device: second.device).repeat_interleave(perPatch, 0).repeat_interleave(perPatch, 1);
        return linalg.solve(second.Times(1 - ratio).Plus((second * within).Times(ratio)), second).MoveToOuterDisposeScope();
    }

    /// <param name="second">S [d, d], patch by patch.</param>
    /// <param name="solution">W [d, d]</param>
    /// <returns>[L, L], row j: on every patch i.</returns>
    public static Tensor Influence(Tensor second, Tensor solution, int patches)
    {
        using var scope = NewDisposeScope();
        var perPatch = second.shape[0] / patches;
        var own = second.view(patches, perPatch, patches, perPatch).diagonal(0, 0, 2).permute(2, 0, 1);
        var from = solution.view(patches, perPatch, -1);
        return (own.matmul(from) * from).sum([1L]).view(patches, patches, perPatch).sum([2L]).MoveToOuterDisposeScope();
    }

    private static IEnumerable<LinearCurve> Curves(Subject subject, int patchSize, Interruption interruption)
    {
        using var scope = NewDisposeScope();
        var grid = subject.Shape.ImageSize / patchSize;
        var shrunk = subject.Shape with { Channels = 1, PatchSize = Math.Min(patchSize, MostSide / grid), ImageSize = grid * Math.Min(patchSize, MostSide / grid) };
        var second = SecondMoment(subject.Dataset, shrunk, interruption);
        var distances = PatchGrid.Distances(grid);
        return [.. Sweep.Ratios(subject.Recipe).Select(ratio =>
        {
            interruption.Check();
            using var ofRatio = NewDisposeScope();
            var influence = Influence(second, Solve(second, ratio, shrunk.Patches), shrunk.Patches).Values();
            return new LinearCurve(patchSize, ratio, InfluenceDecay.Of(distances.Zip(influence).Where(pair => pair.First > 0), patchSize));
        })];
    }

    /// <summary>Of grey training images at even distances, their mean taken off.</summary>
    /// <returns>[d, d] on the CPU, double precision, patch by patch.</returns>
    private static Tensor SecondMoment(Dataset dataset, MaeShape shape, Interruption interruption)
    {
        using var scope = NewDisposeScope();
        var loader = new ImageLoader(dataset, shape.ImageSize);
        var count = Math.Min(Images, dataset.Train.Count);
        var chosen = Enumerable.Range(0, count).Select(n => (int)((long)n * dataset.Train.Count / count));
        var images = cat([.. chosen.Chunk(Batch).Select(batch =>
        {
            interruption.Check();
            return loader.Tensor(dataset.Train, batch, CPU).mean([1], keepdim: true);
        })], 0);
        var rows = Patches.ForTarget(images, shape).flatten(1).to(ScalarType.Float64);
        var centred = rows - rows.mean([0], keepdim: true);
        var second = centred.t().matmul(centred).Times(1.0 / count);
        return second.Plus(eye(second.shape[0], dtype: ScalarType.Float64).Times(Ridge * second.trace().Values()[0] / second.shape[0])).MoveToOuterDisposeScope();
    }
}
