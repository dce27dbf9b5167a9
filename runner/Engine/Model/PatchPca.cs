using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

/// <summary>
/// The target "PCA" of the MAE paper (Table 1d): coefficients of a patch along the largest principal components of the training
/// images' patches. They are not whitened, so that a component weighs as much as it varies, but divided by one number for all:
/// the root of the kept components' mean variance. So the targets have mean square 1, as normalised pixels have, and with all
/// P components the loss is that of pixels times a constant. Mean, components and scale lie in the checkpoint as frozen parameters.
/// </summary>
/// <param name="Mean">[P], in the target's order of values.</param>
/// <param name="Components">[k, P], orthonormal rows, largest variance first; the entry of largest size in each is positive.</param>
public sealed record PatchPca(float[] Mean, float[] Components, float Scale)
{
    /// <summary>Some 40 patches a dimension at 16 x 16 in colour; a second of work there.</summary>
    private const int SamplePatches = 32_768;

    private const int SampleBatch = 64;

    /// <summary>Below it all images are alike, and the variance is rounding.</summary>
    private const double LeastScale = 1e-6;

    /// <summary>The basis of a recipe's target, from training images at even distances; it does not depend on the seed.</summary>
    /// <returns>Null where the target is another.</returns>
    public static PatchPca? OfTarget(Recipe recipe, Dataset dataset)
    {
        var shape = MaeShape.Of(recipe, dataset.Channels);
        if (shape.PcaComponents is null)
        {
            return null;
        }

        var loader = new ImageLoader(dataset, recipe.ImageSize);
        var count = Math.Clamp(SamplePatches / shape.Patches, 1, dataset.Train.Count);
        var sample = Enumerable.Range(0, count).Select(n => (int)((long)n * dataset.Train.Count / count));
        return Of(sample.Chunk(SampleBatch).Select(images => loader.Tensor(dataset.Train, images, CPU)), shape);
    }

    /// <param name="batches">Each [N, C, S, S], normalised, on the CPU; disposed of once read.</param>
    public static PatchPca Of(IEnumerable<Tensor> batches, MaeShape shape)
    {
        using var free = no_grad();
        using var scope = NewDisposeScope();
        long count = 0, values = shape.PatchValues, kept = shape.TargetValues;
        Tensor sum = zeros(values, ScalarType.Float64), products = zeros(values, values, ScalarType.Float64);
        foreach (var batch in batches)
        {
            using var images = batch;
            using var ofBatch = NewDisposeScope();
            var patches = Patches.ForTarget(images, shape).view(-1, values).to(ScalarType.Float64);
            sum.PlusInPlace(patches.sum([0L]), 1);
            products.PlusInPlace(patches.t().matmul(patches), 1);
            count += patches.shape[0];
        }

        var mean = sum.Times(1.0 / count);
        var (variances, vectors) = linalg.eigh(products.Times(1.0 / count) - mean.outer(mean));

        // eigh sorts ascending; a component is a column.
        var scale = Math.Sqrt(Math.Max(0, variances.narrow(0, values - kept, kept).mean().item<double>()));
        var components = vectors.narrow(1, values - kept, kept).flip(1).t().contiguous().data<double>().ToArray();
        foreach (var row in components.Chunk((int)values).Select((row, n) => (Begin: n * (int)values, Flip: row.MaxBy(Math.Abs) < 0)).Where(row => row.Flip))
        {
            for (var n = row.Begin; n < row.Begin + values; n++)
            {
                components[n] = -components[n];
            }
        }

        return new(
            [.. mean.data<double>().ToArray().Select(value => (float)value)],
            [.. components.Select(value => (float)value)],
            scale > LeastScale ? (float)scale : 1);
    }

    /// <returns>First values of a parameter; null for one that is not part of the basis.</returns>
    public float[]? Values(ParameterSpec parameter) => parameter.Name switch
    {
        MaeParameters.PcaMean => Mean,
        MaeParameters.PcaComponents => Components,
        MaeParameters.PcaScale => [Scale],
        _ => null,
    };

    /// <param name="patches">[N, L, P]</param>
    /// <returns>[N, L, k]</returns>
    public static Tensor Coefficients(Weights weights, Tensor patches) =>
        (patches - weights[MaeParameters.PcaMean]).matmul(weights[MaeParameters.PcaComponents].t()) / weights[MaeParameters.PcaScale];

    /// <summary>The patches with these coefficients, nothing along the other components.</summary>
    /// <param name="coefficients">[N, L, k]</param>
    /// <returns>[N, L, P]</returns>
    public static Tensor ToPatches(Weights weights, Tensor coefficients) =>
        (coefficients * weights[MaeParameters.PcaScale]).matmul(weights[MaeParameters.PcaComponents]).Plus(weights[MaeParameters.PcaMean]);
}
