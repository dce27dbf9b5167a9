using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;

namespace MaeLab.Engine.Evaluation;

/// <summary>The images by which runs are compared by eye, and the masks laid over them: functions of the data set alone.</summary>
internal static class Gallery
{
    /// <summary>Not the runs' seed: masks of two runs are the same, or nested where their mask ratios differ.</summary>
    private const long MaskSeed = 20_211_111;

    /// <summary>Images of the probe part: the first of every class, then the second of every class, and so on.</summary>
    public static int[] Choose(ImageSet probe, int classes, int count)
    {
        var seen = new int[classes];
        return [.. Enumerable.Range(0, probe.Count)
            .Select(image => (Image: image, Label: probe.Labels.Span[image]))
            .Select(pair => (pair.Image, pair.Label, Round: seen[pair.Label]++))
            .OrderBy(entry => entry.Round).ThenBy(entry => entry.Label)
            .Take(count).Select(entry => entry.Image)];
    }

    public static MaskPlan Masks(Recipe recipe, IEnumerable<int> images) => MaskOrder.Plan(
        recipe.MaskSampler, recipe.Grid(), recipe.VisiblePatches(),
        [.. images.Select(image => CounterRandom.Of(MaskSeed, RandomPurpose.Mask, 0, image))]);
}
