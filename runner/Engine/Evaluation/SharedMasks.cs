using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// Masks over an image's pixels that are as alike as can be for all patch sizes: a random field belongs to each image, and the patches
/// over which its mean is least stay visible. The field is noise smoothed over a quarter of the image, so that patches of different
/// size find the same hills and valleys; of white noise a large patch's mean says little about a small one's.
/// </summary>
public static class SharedMasks
{
    /// <summary>Share of the patches that is removed, whatever the run was trained with; of a few large ones as nearly as can be.</summary>
    public const double Ratio = 0.75;

    /// <summary>Of no run, and not the gallery's.</summary>
    private const long Seed = 20_241_124;

    private const int WindowsAcross = 4;

    /// <param name="images">Numbers of the images in their set: a mask belongs to its image.</param>
    public static MaskPlan Plan(MaeShape shape, IReadOnlyList<int> images)
    {
        var visible = Math.Clamp(Recipe.VisiblePatches(shape.Patches, Ratio), 1, shape.Patches - 1);
        float[] means = [.. images.SelectMany(image => PatchMeans(Field(image, shape.ImageSize), shape))];
        return MaskOrder.FromNoise(means, images.Count, visible);
    }

    /// <returns>[S, S], the sum of white noise over a square at each pixel; over the edge it goes on at the opposite one.</returns>
    private static double[] Field(int image, int size)
    {
        var random = CounterRandom.Of(Seed, RandomPurpose.Mask, 0, image);
        var noise = new double[size * size];
        for (var pixel = 0; pixel < noise.Length; pixel++)
        {
            noise[pixel] = random.Unit(pixel);
        }

        var window = Math.Max(1, size / WindowsAcross);
        return RowSums(RowSums(noise, size, window), size, window);
    }

    /// <summary>Sums over a window along each row, as columns: done twice it has gone along both.</summary>
    private static double[] RowSums(double[] values, int size, int window)
    {
        var sums = new double[values.Length];
        for (var row = 0; row < size; row++)
        {
            var line = values.AsSpan(row * size, size);
            var sum = 0.0;
            for (var column = 1 - window; column < size; column++)
            {
                sum += line[(column + window - 1) % size];
                if (column >= 0)
                {
                    sums[(column * size) + row] = sum;
                    sum -= line[column];
                }
            }
        }

        return sums;
    }

    private static float[] PatchMeans(double[] field, MaeShape shape)
    {
        var means = new float[shape.Patches];
        for (var pixel = 0; pixel < field.Length; pixel++)
        {
            var (row, column) = (pixel / shape.ImageSize, pixel % shape.ImageSize);
            means[(row / shape.PatchSize * shape.Grid) + (column / shape.PatchSize)] += (float)field[pixel];
        }

        return means;
    }
}
