using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using MaeLab.Engine.Tests.Training;
using MaeLab.Engine.Training;
using TorchSharp;

namespace MaeLab.Engine.Tests.Evaluation;

public sealed class TransferEvaluatorTests
{
    /// <summary>Eight epochs of toy images: 128 steps of 16.</summary>
    private static readonly FineTunePlan s_plan = new()
    {
        Epochs = 8,
        BatchSize = 16,
        BaseLearningRate = 0.03,
        DropPath = 0.1,
        Augmentation = Augmentation.None,
        ScratchControl = true,
    };

    private static readonly Recipe s_recipe = Jobs.Small with
    {
        ImageSize = 8,
        PatchSize = 4,
        BatchSize = 16,
        Evaluation = EvaluationPlan.None with { FineTune = s_plan },
    };

    [Fact]
    public void Fine_tuning_learns_what_can_be_told_apart_and_so_does_the_control_from_scratch()
    {
        var sink = Evaluate(s_recipe);

        Assert.Equal([SeriesNames.FineTuneAccuracy, SeriesNames.ScratchAccuracy], sink.Evaluations.Select(evaluation => Assert.Single(evaluation.Probes).Probe));
        Assert.All(sink.Evaluations, evaluation => Assert.Equal(100, evaluation.Step));
        Assert.All(sink.Evaluations, evaluation => Assert.True(evaluation.Probes[0].Value > 0.95, $"{evaluation.Probes[0]}"));
        ClassificationDetails tuned = Details(sink, 0), control = Details(sink, 1);
        Assert.Equal(new(8, 128, 16, 0.03 * 16 / 256), tuned.Training);
        Assert.Equal(100, tuned.Confusion!.Sum(row => row.Sum()));
        Assert.Equal(sink.Evaluations[0].Probes[0].Value - sink.Evaluations[1].Probes[0].Value, control.PretrainingGain!.Value, 1e-12);
        Assert.Null(tuned.PretrainingGain);
    }

    [Fact]
    public void Fine_tuning_records_its_own_steps_after_the_runs()
    {
        var sink = Evaluate(s_recipe);

        foreach (var (loss, accuracy) in new[] { (SeriesNames.FineTuneLoss, SeriesNames.FineTuneAccuracy), (SeriesNames.ScratchLoss, SeriesNames.ScratchAccuracy) })
        {
            Assert.Equal(Enumerable.Range(101, 128).Select(step => (long)step), sink.Points.Where(point => point.Series == loss).Select(point => point.Step));
            Assert.Equal(Enumerable.Range(1, 8).Select(epoch => 100L + (16 * epoch)), sink.Points.Where(point => point.Series == accuracy).Select(point => point.Step));

            // The head starts at next to nothing: all classes are alike, whatever the smoothing.
            Assert.Equal(Math.Log(4), sink.Values(loss)[0], 1e-3);
        }

        Assert.Contains(sink.Lines, line => line.Text.StartsWith("Control from scratch: epoch 8 of 8, loss", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Pooling.ClassToken, false, Precision.Fp32)]
    [InlineData(Pooling.Mean, true, Precision.Fp32)]
    [InlineData(Pooling.Mean, false, Precision.Bf16)]
    public void Fine_tuning_in_every_way_beats_chance(Pooling pooling, bool mixing, Precision precision)
    {
        var plan = s_plan with { Pooling = pooling, Mixing = mixing, ScratchControl = false };
        var sink = Evaluate(s_recipe with { Precision = precision, Evaluation = s_recipe.Evaluation with { FineTune = plan } });
        Assert.True(Assert.Single(sink.Evaluations).Probes[0].Value > 0.6, $"{sink.Evaluations[0].Probes[0].Value}; chance is 0.25");
    }

    [Fact]
    public void Fine_tuning_in_small_passes_is_near_one_in_large_ones()
    {
        IReadOnlyList<double> whole = Losses(64), parts = Losses(2);
        Assert.All(whole.Take(20).Zip(parts), pair => Assert.Equal(pair.First, pair.Second, 1e-3));

        static IReadOnlyList<double> Losses(int batchSize) => Evaluate(s_recipe with { BatchSize = batchSize }).Values(SeriesNames.FineTuneLoss);
    }

    [Theory]
    [InlineData(9, 0)]
    [InlineData(0, 0.25)]
    public void Fine_tuning_sees_what_RandAugment_and_random_erasing_make_of_the_images_and_so_does_the_control(double randAugment, double randomErasing)
    {
        var plan = s_plan with { Epochs = 1 };
        RecordingSink plain = Evaluate(With(plan)), augmented = Evaluate(With(plan with { RandAugment = randAugment, RandomErasing = randomErasing }));

        Assert.NotEqual(plain.Values(SeriesNames.FineTuneLoss), augmented.Values(SeriesNames.FineTuneLoss));
        Assert.Equal(augmented.Values(SeriesNames.FineTuneLoss), augmented.Values(SeriesNames.ScratchLoss));

        static Recipe With(FineTunePlan plan) => s_recipe with { Evaluation = s_recipe.Evaluation with { FineTune = plan } };
    }

    [Fact]
    public void Fine_tuning_that_diverges_has_no_result_says_so_and_is_not_tried_again()
    {
        var sink = Evaluate(s_recipe with { Evaluation = s_recipe.Evaluation with { FineTune = s_plan with { ScratchControl = false } } }, spoil: true);

        Assert.Empty(sink.Evaluations);
        Assert.Contains(sink.Lines, IsDivergence);

        var later = Evaluate(s_recipe with { Evaluation = s_recipe.Evaluation with { FineTune = s_plan with { ScratchControl = false } } }, spoil: true, sink.States[^1].Content);
        Assert.DoesNotContain(later.Lines, IsDivergence);
        Assert.Equal(sink.Points, later.Points);

        static bool IsDivergence((LogSeverity Severity, string Text) line) =>
            line.Severity == LogSeverity.Error && line.Text.StartsWith("Fine-tuning diverged at its step 1 ", StringComparison.Ordinal);
    }

    /// <summary>One step an epoch: the first at a rate of zero, the second, whose loss is a number, leaves weights that give none.</summary>
    [Fact]
    public void Fine_tuning_whose_last_step_diverges_has_no_result_and_says_so()
    {
        var plan = s_plan with { Epochs = 2, BatchSize = 1_000_000, BaseLearningRate = 1e37, ScratchControl = false };
        var sink = Evaluate(s_recipe with { Evaluation = s_recipe.Evaluation with { FineTune = plan } });

        Assert.All(sink.Values(SeriesNames.FineTuneLoss), loss => Assert.True(double.IsFinite(loss)));
        Assert.Empty(sink.Evaluations);
        Assert.Contains(sink.Lines, line => line.Severity == LogSeverity.Error && line.Text.StartsWith("Fine-tuning diverged at its step 2 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lars_probe_learns_what_can_be_told_apart(bool augmentation)
    {
        var sink = Evaluate(s_recipe with { Evaluation = new(false, 0, 0) { LarsProbe = new() { Epochs = 30, Augmentation = augmentation } } });

        var probe = Assert.Single(Assert.Single(sink.Evaluations).Probes);
        Assert.Equal(SeriesNames.LarsAccuracy, probe.Probe);
        Assert.True(probe.Value > (augmentation ? 0.5 : 0.9), $"{probe.Value}; chance is 0.25");
        Assert.Equal([new MetricPoint(SeriesNames.LarsAccuracy, 100, probe.Value)], sink.Points);
        Assert.Equal(new(30, 240, 32, 6.4), Details(sink, 0).Training);
    }

    /// <summary>Every evaluation leaves the weights as they are, and no tensor behind.</summary>
    [Fact]
    public void Evaluations_leave_the_weights_and_the_memory_alone()
    {
        NativeThreads.Prepare();
        var plan = s_recipe.Evaluation with { LarsProbe = new() { Epochs = 2, Augmentation = true }, FineTune = s_plan with { Epochs = 2, Mixing = true } };
        using var scope = torch.NewDisposeScope();
        using var parameters = Parameters(s_recipe);
        string before = Checkpoint.Sha256(parameters);
        var live = new List<long>();
        var sink = new RecordingSink { OnStep = () => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount) };
        var atFirst = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        new TransferEvaluator(s_recipe with { Evaluation = plan }, Toys(), parameters, sink).Evaluate(100, TestContext.Current.CancellationToken);

        Assert.Equal(before, Checkpoint.Sha256(parameters));
        Assert.Equal(atFirst, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        // LARS's one point, then two fine-tunings of 32 steps each.
        Assert.Single(live[2..33].Distinct());
    }

    [Fact]
    public void Evaluations_stop_between_two_batches_when_they_are_told_to()
    {
        using var scope = torch.NewDisposeScope();
        using var parameters = Parameters(s_recipe);
        var sink = new RecordingSink { StopAtStep = 105 };
        Assert.Throws<StoppedMidwayException>(() => new TransferEvaluator(s_recipe, Toys(), parameters, sink).Evaluate(100, TestContext.Current.CancellationToken));
        Assert.Equal(105, sink.Points[^1].Step);

        using var source = new CancellationTokenSource();
        var cancelled = new RecordingSink { OnStep = source.Cancel };
        Assert.ThrowsAny<OperationCanceledException>(() => new TransferEvaluator(s_recipe, Toys(), parameters, cancelled).Evaluate(100, source.Token));
        Assert.Equal(101, cancelled.Points[^1].Step);
    }

    private static RecordingSink Evaluate(Recipe recipe, bool spoil = false, byte[]? state = null)
    {
        NativeThreads.Prepare();
        using var scope = torch.NewDisposeScope();
        using var parameters = Parameters(recipe, spoil);
        var sink = new RecordingSink();
        new TransferEvaluator(recipe, Toys(), parameters, sink).Evaluate(
            step: 100, TestContext.Current.CancellationToken, state is null ? null : () => new MemoryStream(state));
        return sink;
    }

    private static ParameterStore Parameters(Recipe recipe, bool spoil = false)
    {
        var shape = MaeShape.Of(recipe, channels: 1);
        return new(MaeParameters.Of(shape), torch.CPU, parameter =>
        {
            var values = Initialization.Values(parameter, shape, recipe.Seed);
            values[0] = spoil ? float.NaN : values[0];
            return values;
        });
    }

    /// <summary>Classes of 8 x 8 images, under noise: dark, bright, upper half bright, left and right edges bright; a flip keeps them.</summary>
    private static Dataset Toys()
    {
        return new("toys", 4, Images(256, first: 0), Images(100, first: 256), [0.2f], [0.2f]);

        static ImageSet Images(int count, int first)
        {
            var labels = Enumerable.Range(first, count).Select(image => (int)(CounterRandom.Of(7, RandomPurpose.Mask, 0, image).Bits(64) % 4)).ToArray();
            var pixels = labels.SelectMany((label, n) => Enumerable.Range(0, 64).Select(pixel =>
            {
                var bright = label switch { 0 => false, 1 => true, 2 => pixel < 32, _ => pixel % 8 is < 2 or > 5 };
                return (byte)((bright ? 120 : 0) + CounterRandom.Of(7, RandomPurpose.Mask, 0, first + n).Below(pixel, 100));
            })).ToArray();
            return new MemoryImages(1, 8, pixels, labels);
        }
    }

    private static ClassificationDetails Details(RecordingSink sink, int evaluation) =>
        JsonSerializer.Deserialize<ClassificationDetails>(sink.Evaluations[evaluation].Probes[0].Details, JsonDefaults.Options)!;
}
