namespace MaeLab.Domain.Recipes;

/// <summary>Linear warm-up, then half a cosine (MAE paper, Table 8), as a pure function: nothing to save or restore.</summary>
/// <param name="Epochs">E.</param>
/// <param name="WarmupEpochs">W.</param>
public readonly record struct LearningRateSchedule(double Peak, double Min, double Epochs, double WarmupEpochs)
{
    /// <summary>
    /// With e the fractional epoch, W the warm-up epochs, E the epochs: peak * e / W before W (exactly 0 at e = 0), then
    /// min + (peak - min) * (1 + cos(pi (e - W) / (E - W))) / 2.
    /// </summary>
    /// <param name="epoch">Epoch of the optimizer step about to be made, step / steps an epoch, from 0.</param>
    public double At(double epoch)
    {
        if (epoch < WarmupEpochs)
        {
            return Peak * epoch / WarmupEpochs;
        }

        var progress = Math.Min(1, (epoch - WarmupEpochs) / (Epochs - WarmupEpochs));
        return Min + ((Peak - Min) * (1 + Math.Cos(Math.PI * progress)) / 2);
    }

    /// <summary>That of a run's pre-training.</summary>
    /// <inheritdoc cref="At(double)"/>
    public static double At(Recipe recipe, double epoch) =>
        new LearningRateSchedule(recipe.PeakLearningRate(), recipe.MinLearningRate, recipe.Epochs, recipe.WarmupEpochs).At(epoch);
}
