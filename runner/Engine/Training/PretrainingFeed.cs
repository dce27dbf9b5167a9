using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;

namespace MaeLab.Engine.Training;

/// <summary>The batches of pre-training, with their masks.</summary>
public static class PretrainingFeed
{
    /// <param name="firstBatch">Batches (not optimizer steps) done before, over all epochs.</param>
    /// <param name="batchesPerEpoch">What is left over at the end of an epoch is dropped.</param>
    /// <param name="workers">Threads; null: by the machine.</param>
    public static BatchFeed<MaskPlan> Start(Recipe recipe, Dataset dataset, long firstBatch, long batchesPerEpoch, int? workers = null)
    {
        return new(
            new(recipe.Seed, dataset.Train.Count, recipe.Epochs, batchesPerEpoch, recipe.BatchSize, recipe.BatchSize),
            dataset.Channels * recipe.ImageSize * recipe.ImageSize, Writer, Masks, firstBatch, workers);

        EpochImageWriter Writer()
        {
            var loader = new ImageLoader(dataset, recipe.ImageSize);
            return (image, epoch, result) => loader.Augmented(image, recipe.Augmentation, recipe.Seed, epoch, result);
        }

        MaskPlan Masks(long epoch, ArraySegment<int> images) => MaskOrder.Plan(recipe.MaskSampler, recipe.Grid(), recipe.VisiblePatches(),
            [.. images.Select(image => CounterRandom.Of(recipe.Seed, RandomPurpose.Mask, epoch, image))]);
    }
}
