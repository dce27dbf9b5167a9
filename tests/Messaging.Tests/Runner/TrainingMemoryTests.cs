using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Recipes;
using MaeLab.Testing.Ring;

namespace MaeLab.Messaging.Tests.Runner;

/// <summary>What the preview says about memory holds for processes that train; more shapes are in <c>tests/Benchmarks</c>, under memory.</summary>
public sealed class TrainingMemoryTests
{
    private static readonly Recipe s_short = Presets.Find("nano")! with
    {
        Epochs = 1,
        WarmupEpochs = 0,
        Evaluation = EvaluationPlan.None,
        Device = ComputeDevice.Cpu,
    };

    [Fact]
    public async Task Peak_memory_is_within_a_quarter_of_its_prediction()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems' heaps have not been measured.");
        var idle = await PeakAsync(s_short with { Encoder = new(4, 1, 1), Decoder = new(4, 1, 1), BatchSize = 1 });

        // One that is nearly all batch, one with more parameters.
        foreach (var recipe in new[] { s_short, s_short with { Encoder = new(256, 6, 4), Decoder = new(96, 2, 3), BatchSize = 32 } })
        {
            var measured = await PeakAsync(recipe) - idle;
            var predicted = RecipeCost.Of(recipe, Datasets.FashionMnistSample).PeakMemoryBytes;
            Assert.InRange((double)predicted / measured, 0.75, 1.25);
        }
    }

    private static Task<long> PeakAsync(Recipe recipe) => TrainingProcess.PeakMemoryAsync(
        JsonSerializer.Serialize(recipe with { Dataset = recipe.Dataset with { Limit = 3 * recipe.BatchSize } }, JsonDefaults.Options),
        TestContext.Current.CancellationToken);
}
