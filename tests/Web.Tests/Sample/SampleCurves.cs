using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;

namespace MaeLab.Web.Tests.Sample;

/// <summary>Curves that look like a masked autoencoder's, and are the same on every call.</summary>
internal static class SampleCurves
{
    public static double Loss(Recipe recipe, long step, long total)
    {
        var floor = 0.32 + (0.35 * recipe.MaskRatio) + (0.02 * (recipe.PatchSize - 4));
        var noise = new Random(HashCode.Combine(recipe.Seed, step, recipe.PatchSize)).NextDouble() - 0.5;
        return floor + ((1.05 - floor) * Math.Exp(-5.0 * step / total)) + (0.025 * noise);
    }

    public static double LinearAccuracy(Recipe recipe)
    {
        var off = recipe.MaskRatio - 0.72;
        // What a seed does to all recipes alike, and what it does to each of them.
        var (shared, own) = (0.004 * (recipe.Seed % 3 - 1), 0.003 * Math.Sin((1000 * recipe.MaskRatio) + (7 * recipe.PatchSize) + (13 * recipe.Seed)));
        return 0.812 - (0.55 * off * off) - (0.009 * (recipe.PatchSize - 4)) + shared + own;
    }

    public static IEnumerable<MetricPoint> Points(Recipe recipe, long until, long total, bool diverges)
    {
        var perStep = recipe.EffectiveBatch();
        for (long step = 1; step <= until; step++)
        {
            var loss = Loss(recipe, step, total);
            if (diverges && step > until - 4)
            {
                loss = step == until ? double.NaN : loss * Math.Pow(8, step - until + 4);
            }

            yield return new(SeriesNames.TrainLoss, step, loss);
            yield return new(SeriesNames.LearningRate, step, recipe.PeakLearningRate() * Schedule(step, total));
            yield return new(SeriesNames.GradientNorm, step, loss * (1.4 + (0.6 * Math.Sin(step * 0.9))));
            yield return new(SeriesNames.Epoch, step, (double)recipe.Epochs * step / total);
            yield return new(SeriesNames.ElapsedSeconds, step, step * perStep / 2085.3);
            yield return new(SeriesNames.Images, step, step * perStep);
            yield return new(SeriesNames.VisibleTokens, step, step * perStep * (double)recipe.VisiblePatches());
            if (step % 5 == 0)
            {
                yield return new(SeriesNames.ImagesPerSecond, step, 2085 + (120 * Math.Sin(step / 17.0)));
            }
        }

        if (until == total)
        {
            yield return new(SeriesNames.LinearAccuracy, total, LinearAccuracy(recipe));
        }
    }

    private static double Schedule(long step, long total)
    {
        var warmup = total / 10.0;
        return step < warmup ? step / warmup : 0.5 * (1 + Math.Cos(Math.PI * (step - warmup) / (total - warmup)));
    }
}
