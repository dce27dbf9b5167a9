using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Tests;

/// <summary>Inputs that most tests start from.</summary>
internal static class Some
{
    /// <summary>nano: 28 x 28 images, patches of 4, mask ratio 0.75, 8,000 images.</summary>
    public static Recipe Recipe { get; } = Presets.Find("nano")!;

    public static IReadOnlyDictionary<string, DatasetInfo> Datasets { get; } = Domain.Recipes.Datasets.Known.ToDictionary(dataset => dataset.Name);
}
