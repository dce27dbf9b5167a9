using MaeLab.Domain.Recipes;

namespace MaeLab.Engine.Probes;

/// <summary>Mask ratios and patch sizes over which a single model's probes, and those of the data alone, are drawn.</summary>
internal static class Sweep
{
    private static readonly double[] s_ratios = [0.25, 0.5, 0.75, 0.9];

    /// <returns>The usual ones and the recipe's own, rising.</returns>
    public static IReadOnlyList<double> Ratios(Recipe recipe) => [.. s_ratios.Append(recipe.MaskRatio).Distinct().Order()];

    /// <returns>Those that divide the image into a grid of 2 x 2 or finer, and hold more than a pixel.</returns>
    public static IEnumerable<int> PatchSizes(int imageSize) => Enumerable.Range(2, Math.Max(0, (imageSize / 2) - 1)).Where(patchSize => imageSize % patchSize == 0);
}
