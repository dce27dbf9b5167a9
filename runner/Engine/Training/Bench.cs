using System.Diagnostics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using static TorchSharp.torch;

namespace MaeLab.Engine.Training;

/// <param name="ImagesPerSecond">At the median step.</param>
/// <param name="GigaflopsPerSecond">By the count of <see cref="RecipeCost"/>, forward and backward.</param>
/// <param name="MatmulPeakGigaflopsPerSecond">Of a large square product in the same precision, best of a few.</param>
/// <param name="Utilisation">The one over the other.</param>
public sealed record BenchResult(
    double ImagesPerSecond, double GigaflopsPerSecond, double MatmulPeakGigaflopsPerSecond, double Utilisation,
    BenchTimes StepMilliseconds, string Device, int Threads, int Steps);

public sealed record BenchTimes(double Median, double P95);

/// <summary>Measures training steps (forward, backward, optimizer) of a recipe on made-up images, without loader or sink.</summary>
public static class Bench
{
    private const int WarmUpSteps = 3;
    private const int MatmulSide = 2048;

    /// <param name="threads">libtorch's threads; 0: one a core.</param>
    public static BenchResult Run(Recipe recipe, int channels, int threads, int steps, CancellationToken cancellationToken)
    {
        NativeThreads.Use(threads);
        var device = TrainingDevice.Choose(recipe.Device);
        using var scope = NewDisposeScope();
        var batch = MakeBatch(recipe, channels);
        var shape = MaeShape.Of(recipe, channels);
        using var learner = new Learner(recipe, channels, device,
            shape.PcaComponents is null ? null : PatchPca.Of([tensor(batch.Pixels, [recipe.BatchSize, channels, shape.ImageSize, shape.ImageSize])], shape));
        var milliseconds = new List<double>();
        for (var step = 1; step <= WarmUpSteps + steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            learner.Step(() => batch, _ => { }, learningRate: 1e-4, step);
            if (step > WarmUpSteps)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        milliseconds.Sort();
        var times = new BenchTimes(milliseconds[milliseconds.Count / 2], milliseconds[(int)(0.95 * (milliseconds.Count - 1))]);
        var rate = 1000 * recipe.EffectiveBatch() / times.Median;
        var cost = RecipeCost.Of(recipe, new("bench", channels, recipe.ImageSize, Classes: 2, recipe.EffectiveBatch(), ProbeImages: 0));
        var gigaflops = rate * cost.TrainFlopsPerImage / 1e9;
        var peak = MatmulPeak(recipe.Precision, device);
        return new(rate, gigaflops, peak, gigaflops / peak, times, device.type.ToString(), get_num_threads(), steps);
    }

    private static Batch<MaskPlan> MakeBatch(Recipe recipe, int channels)
    {
        var random = CounterRandom.Of(recipe.Seed, RandomPurpose.ImageOrder);
        var pixels = new float[recipe.BatchSize * channels * recipe.ImageSize * recipe.ImageSize];
        for (var n = 0; n < pixels.Length; n++)
        {
            pixels[n] = (float)((2 * random.Unit(n)) - 1);
        }

        return new(pixels, MaskOrder.Plan(recipe.MaskSampler, recipe.Grid(), recipe.VisiblePatches(),
            [.. Enumerable.Range(0, recipe.BatchSize).Select(image => CounterRandom.Of(recipe.Seed, RandomPurpose.Mask, 0, image))]));
    }

    private static double MatmulPeak(Precision precision, Device device)
    {
        using var scope = NewDisposeScope();
        var square = rand(MatmulSide, MatmulSide, device: device)
            .to(precision == Precision.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32);
        var best = double.MaxValue;
        for (var attempt = 0; attempt < 8; attempt++)
        {
            using var ofAttempt = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();

            // Reading one element waits for the device.
            _ = square.matmul(square)[0, 0].to(ScalarType.Float32).item<float>();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2 * Math.Pow(MatmulSide, 3) / best / 1e9;
    }
}
