namespace MaeLab.Domain.Recipes;

/// <summary>Linear warm-up, then half a cosine (MAE paper, Table 8), as a pure function: nothing to save or restore.</summary>
public static class LearningRateSchedule
{
    /// <summary>
    /// With e the fractional epoch, W the warm-up epochs, E the epochs: peak * e / W before W (exactly 0 at e = 0), then
    /// min + (peak - min) * (1 + cos(pi (e - W) / (E - W))) / 2.
    /// </summary>
    /// <param name="epoch">Epoch of the optimizer step about to be made, step / steps an epoch, from 0.</param>
    public static double At(Recipe recipe, double epoch)
    {
        var peak = recipe.PeakLearningRate();
        if (epoch < recipe.WarmupEpochs)
        {
            return peak * epoch / recipe.WarmupEpochs;
        }

        var progress = Math.Min(1, (epoch - recipe.WarmupEpochs) / (recipe.Epochs - recipe.WarmupEpochs));
        return recipe.MinLearningRate + ((peak - recipe.MinLearningRate) * (1 + Math.Cos(Math.PI * progress)) / 2);
    }
}
