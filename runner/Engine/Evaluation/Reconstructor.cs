using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>Reconstructs probe images through masks, back in pixels of [0, 1].</summary>
internal sealed class Reconstructor(Recipe recipe, Dataset dataset, Mae model, ImageLoader loader)
{
    public MaeShape Shape => model.Shape;

    /// <summary>Any number of patches may be visible: neither encoder nor decoder knows the recipe's mask ratio.</summary>
    public Reconstruction Reconstruct(Weights weights, int[] images, MaskPlan plan, PatchLevels levels)
    {
        var device = weights[MaeParameters.ClassToken].device;
        var input = loader.Tensor(dataset.Probe, images, device);
        var mask = Mask.Of(plan, device);
        var prediction = model.Decode(weights, model.Encode(weights, input, mask), mask);
        if (recipe.Target == ReconstructionTarget.NormalizedPixels)
        {
            var (mean, deviation) = Levels(Patches.ForTarget(input, Shape), mask, levels);
            prediction = (prediction * deviation).Plus(mean);
        }
        else if (recipe.Target == ReconstructionTarget.Pca)
        {
            prediction = PatchPca.ToPatches(weights, prediction);
        }

        var removed = OnGrid(mask.Removed).repeat_interleave(Shape.PatchSize, 2).repeat_interleave(Shape.PatchSize, 3);
        return new(ToPixels(input), ToPixels(Patches.ToImages(prediction, Shape)), removed);
    }

    /// <param name="patches">[N, L, P]</param>
    /// <returns>Two tensors [N, L, 1].</returns>
    private (Tensor Mean, Tensor Deviation) Levels(Tensor patches, Mask mask, PatchLevels levels)
    {
        var (mean, deviation) = Losses.PatchStatistics(patches);
        return levels == PatchLevels.True ? (mean, deviation) : (Interpolate(mean), Interpolate(deviation));

        Tensor Interpolate(Tensor statistic) =>
            InverseDistance.Fill(OnGrid(statistic), OnGrid(mask.Removed)).view(-1, Shape.Patches, 1);
    }

    /// <param name="patches">One value a patch, [N, L] or [N, L, 1].</param>
    /// <returns>[N, 1, g, g]</returns>
    private Tensor OnGrid(Tensor patches) => patches.view(-1, 1, Shape.Grid, Shape.Grid);

    private Tensor ToPixels(Tensor images)
    {
        var deviation = tensor(dataset.Deviation, device: images.device).view(1, -1, 1, 1);
        var mean = tensor(dataset.Mean, device: images.device).view(1, -1, 1, 1);
        return (images * deviation).Plus(mean).Within(0, 1);
    }
}
