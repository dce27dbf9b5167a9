using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Recipes;
using MaeLab.Testing.Ring;

namespace MaeLab.Benchmarks;

/// <summary>
/// The memory that the preview predicts against what a process that trains has held at most, less what one holds that trains
/// next to nothing: the runtime, libtorch and the data set.
/// </summary>
public static class MemoryBenchmark
{
    private const int Steps = 3;

    private static readonly Recipe s_nothing = Plain("nano") with { Encoder = new(4, 1, 1), Decoder = new(4, 1, 1), BatchSize = 1 };

    private static readonly (string What, Recipe Recipe)[] s_cases =
    [
        ("nano, batch 256", Plain("nano")),
        ("nano, batch 256, with its evaluations", Presets.Find("nano")!),
        ("micro, batch 256", Plain("micro")),
        ("tiny, batch 128", Plain("tiny")),
        ("tiny, batch 128, bf16", Plain("tiny") with { Precision = Precision.Bf16 }),
        ("tiny, batch 128, with a linear probe", Plain("tiny") with { Evaluation = EvaluationPlan.None with { LinearProbe = true } }),
        ("tiny, batch 128, fine-tuned", Plain("tiny") with { Evaluation = EvaluationPlan.None with { FineTune = new() { Epochs = 1 } } }),
        ("tiny, batch 32 x 4", Plain("tiny") with { BatchSize = 32, Accumulation = 4 }),
        ("tiny, batch 64, encoder mask tokens", Plain("tiny") with { BatchSize = 64, EncoderMaskTokens = true }),
        ("tiny, batch 64, target pca, uniformity", Plain("tiny") with { BatchSize = 64, Target = ReconstructionTarget.Pca, Uniformity = 0.01 }),
        ("ViT-B/16, 224 x 224, batch 8", Large),
        ("ViT-B/16, 224 x 224, batch 8, bf16", Large with { Precision = Precision.Bf16 }),
    ];

    private static Recipe Large => Plain("base") with { Dataset = new(Datasets.FashionMnistSample.Name), BatchSize = 8, Accumulation = 1 };

    private static Recipe Plain(string preset) => Presets.Find(preset)! with { Evaluation = EvaluationPlan.None };

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var idle = await PeakAsync(s_nothing, cancellationToken);
        Console.WriteLine(FormattableString.Invariant($"{"training next to nothing",-42} {idle / 1e6,8:F0} MB"));
        foreach (var (what, recipe) in s_cases)
        {
            var measured = await PeakAsync(recipe, cancellationToken) - idle;
            var predicted = RecipeCost.Of(recipe, Datasets.FashionMnistSample).PeakMemoryBytes;
            Console.WriteLine(FormattableString.Invariant($"{what,-42} {measured / 1e6,8:F0} MB, predicted {predicted / 1e6,8:F0} MB ({((double)predicted / measured) - 1:+0%;-0%})"));
        }
    }

    private static Task<long> PeakAsync(Recipe recipe, CancellationToken cancellationToken) => TrainingProcess.PeakMemoryAsync(
        JsonSerializer.Serialize(
            recipe with
            {
                Dataset = recipe.Dataset with { Limit = Steps * recipe.EffectiveBatch() },
                Epochs = 1,
                WarmupEpochs = 0,
                Augmentation = Augmentation.None,
                Device = ComputeDevice.Cpu,
            },
            JsonDefaults.Options),
        cancellationToken);
}
