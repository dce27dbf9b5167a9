using System.Buffers.Binary;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Training;
using TorchSharp;

namespace MaeLab.Engine.Tests.Training;

public sealed class TrainerTests
{
    [Fact]
    public void Run_small_recipe_lowers_its_loss_and_saves_a_final_checkpoint()
    {
        var sink = new RecordingSink();
        var outcome = Jobs.Run(Jobs.Small with { Epochs = 8, BaseLearningRate = 8e-3 }, sink);

        Assert.True(outcome.Completed);
        Assert.Equal(80, outcome.Step);
        var losses = sink.Values(SeriesNames.TrainLoss);
        Assert.True(losses.TakeLast(10).Average() < 0.8 * losses.Take(10).Average(), string.Join(' ', losses));
        var saved = Assert.Single(sink.Checkpoints);
        Assert.Equal((80L, 8.0, true), (saved.Step, saved.Epoch, saved.Final));
    }

    [Fact]
    public void Run_records_every_series_at_every_step()
    {
        var sink = new RecordingSink();
        Jobs.Run(Jobs.Small with { Uniformity = 0.01 }, sink);

        string[] series =
        [
            SeriesNames.TrainLoss, SeriesNames.LearningRate, SeriesNames.GradientNorm, SeriesNames.Uniformity, SeriesNames.Epoch, SeriesNames.Images,
            SeriesNames.VisibleTokens, SeriesNames.ElapsedSeconds, SeriesNames.ImagesPerSecond, SeriesNames.DataWait,
        ];
        Assert.Equal(series, sink.Points.Take(series.Length).Select(point => point.Series));
        Assert.All(series, name => Assert.Equal(Enumerable.Range(1, 30).Select(step => (long)step), sink.Points.Where(point => point.Series == name).Select(point => point.Step)));
        Assert.Equal(0, sink.Values(SeriesNames.LearningRate)[0]);
        Assert.Equal(LearningRateSchedule.At(Jobs.Small, 17 / 10.0), sink.Values(SeriesNames.LearningRate)[17]);
        Assert.Equal(3, sink.Values(SeriesNames.Epoch)[^1]);
        Assert.Equal(30 * 32, sink.Values(SeriesNames.Images)[^1]);
        Assert.Equal(30 * 32 * 12, sink.Values(SeriesNames.VisibleTokens)[^1]);
        Assert.Equal((0L, 30L), (sink.Reports[0].Step, sink.Reports[^1].Step));
    }

    [Fact]
    public void Run_saves_checkpoints_when_they_are_due()
    {
        var sink = new RecordingSink();
        Jobs.Run(Jobs.Small with { Epochs = 5, Checkpoints = new(EveryEpochs: 2, KeepLast: 1) }, sink);
        Assert.Equal([(20L, false), (40L, false), (50L, true)], sink.Checkpoints.Select(checkpoint => (checkpoint.Step, checkpoint.Final)));
    }

    /// <summary>Every factor of a recipe must change the run; a field that is read by nobody would not.</summary>
    [Fact]
    public void Run_with_any_factor_changed_ends_in_other_weights()
    {
        var small = Jobs.Small;
        Dictionary<string, Recipe> variants = new()
        {
            ["none"] = small,
            ["limit"] = small with { Dataset = small.Dataset with { Limit = 352 } },
            ["imageSize"] = small with { ImageSize = 32 },
            ["patchSize"] = small with { PatchSize = 7 },
            ["encoder"] = small with { Encoder = small.Encoder with { Heads = 4 } },
            ["decoder"] = small with { Decoder = small.Decoder with { Depth = 2 } },
            ["maskRatio"] = small with { MaskRatio = 0.5 },
            ["block"] = small with { MaskSampler = MaskSampler.Block },
            ["grid"] = small with { MaskSampler = MaskSampler.Grid },
            ["target"] = small with { Target = ReconstructionTarget.Pixels },
            ["pca"] = small with { Target = ReconstructionTarget.Pca },
            ["pcaComponents"] = small with { Target = ReconstructionTarget.Pca, PcaComponents = 8 },
            ["encoderMaskTokens"] = small with { EncoderMaskTokens = true },
            ["fixedCrop"] = small with { Augmentation = Augmentation.FixedCrop },
            ["randomCrop"] = small with { Augmentation = Augmentation.RandomCrop },
            ["colorJitter"] = small with { Augmentation = Augmentation.RandomCropColorJitter },
            ["epochs"] = small with { Epochs = 4 },
            ["batchSize"] = small with { BatchSize = 40 },
            ["accumulation"] = small with { Accumulation = 2 },
            ["baseLearningRate"] = small with { BaseLearningRate = 2e-3 },
            ["warmupEpochs"] = small with { WarmupEpochs = 0.5 },
            ["minLearningRate"] = small with { MinLearningRate = 1e-5 },
            ["weightDecay"] = small with { WeightDecay = 0.1 },
            ["clipNorm"] = small with { ClipNorm = 0.01 },
            ["precision"] = small with { Precision = Precision.Bf16 },
            ["uniformity"] = small with { Uniformity = 0.1 },
            ["seed"] = small with { Seed = 1 },
        };
        var weights = variants.ToDictionary(variant => variant.Key, variant => Jobs.Run(variant.Value, new RecordingSink()).WeightsSha256);

        Assert.All(weights.GroupBy(pair => pair.Value), same => Assert.Single(same));
    }

    /// <summary>Evaluation and checkpoints only watch.</summary>
    [Fact]
    public void Run_with_evaluations_and_checkpoints_ends_in_the_same_weights() => Assert.Equal(
        Jobs.Run(Jobs.Small, new RecordingSink()).WeightsSha256,
        Jobs.Run(Jobs.Small with { Evaluation = new(LinearProbe: false, Reconstructions: 2, EveryEpochs: 1), Checkpoints = new(1, 1) }, new RecordingSink()).WeightsSha256);

    [Fact]
    public void Run_of_two_accumulated_batches_is_near_one_of_twice_the_size()
    {
        double[] one = [.. Losses(Jobs.Small with { BatchSize = 64 })], two = [.. Losses(Jobs.Small with { Accumulation = 2 })];
        Assert.Equal(one.Length, two.Length);
        Assert.All(one.Zip(two), pair => Assert.Equal(pair.First, pair.Second, 1e-4));

        static IReadOnlyList<double> Losses(Recipe recipe)
        {
            var sink = new RecordingSink();
            Jobs.Run(recipe, sink);
            return sink.Values(SeriesNames.TrainLoss);
        }
    }

    [Theory]
    [InlineData(Precision.Fp32, ReconstructionTarget.NormalizedPixels, false)]
    [InlineData(Precision.Fp32, ReconstructionTarget.Pca, true)]
    [InlineData(Precision.Bf16, ReconstructionTarget.Pixels, true)]
    [InlineData(Precision.Bf16, ReconstructionTarget.Pca, false)]
    public void Run_keeps_no_tensor_from_step_to_step(Precision precision, ReconstructionTarget target, bool encoderMaskTokens)
    {
        var live = new List<long>();
        var sink = new RecordingSink { OnStep = () => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount) };
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Jobs.Run(
            Jobs.Small with
            {
                Precision = precision,
                Target = target,
                EncoderMaskTokens = encoderMaskTokens,
                Accumulation = 2,
                Uniformity = 0.01,
                ClipNorm = 1,
                Evaluation = new(true, 2, 1) { Knn = 3 },
                Checkpoints = new(1, 1),
            },
            sink);

        // The first step creates what stays, the gradient.
        Assert.Single(live.Skip(1).Distinct());
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Run_told_to_stop_at_once_leaves_no_checkpoint()
    {
        var sink = new RecordingSink { StopAtStep = 3, Stop = StopRequest.Stop };
        Assert.Equal(new TrainingOutcome(Completed: false, 3, null), Jobs.Run(Jobs.Small, sink));
        Assert.Empty(sink.Checkpoints);
    }

    [Fact]
    public void Run_cancelled_throws_within_a_step()
    {
        using var source = new CancellationTokenSource();
        var sink = new RecordingSink { OnStep = source.Cancel };
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Run(new(Jobs.Small, null, new Dictionary<string, string>(), 1), sink, source.Token));
        Assert.Equal(1, sink.Points[^1].Step);
    }

    [Fact]
    public void Run_with_weights_that_are_no_numbers_fails_as_diverged_and_names_step_and_batch()
    {
        var sink = new RecordingSink { StopAtStep = 12 };
        Jobs.Run(Jobs.Small, sink);
        var checkpoint = sink.Checkpoints[^1].Content;
        var reader = new SafetensorsReader(new MemoryStream(checkpoint));
        var content = 8 + BinaryPrimitives.ReadInt32LittleEndian(checkpoint);
        BinaryPrimitives.WriteSingleLittleEndian(
            checkpoint.AsSpan(content + (int)reader.Header.Entries.Single(entry => entry.Name == "norm.weight").Begin), float.NaN);
        var second = new RecordingSink();

        var failure = Assert.Throws<TrainingFailedException>(() => Jobs.Run(Jobs.Small, second, checkpoint));
        Assert.Equal(ReasonCode.Diverged, failure.Reason);
        Assert.StartsWith("Diverged at step 13 (epoch 1.20, batch 3 of the epoch): loss NaN", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("The checkpoint of step 12 is kept.", failure.Message, StringComparison.Ordinal);
        Assert.Empty(second.Checkpoints);
    }

    [Fact]
    public void Run_that_gets_no_memory_fails_as_out_of_memory()
    {
        // A petabyte is more than the address space holds, so libtorch is refused at once.
        var sink = new RecordingSink { OnStep = () => torch.empty(1L << 50).Dispose() };
        var failure = Assert.Throws<TrainingFailedException>(() => Jobs.Run(Jobs.Small, sink));
        Assert.Equal(ReasonCode.OutOfMemory, failure.Reason);
        Assert.StartsWith("Out of memory: try a smaller batch", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Half of what the batch needs, or less than the parameters alone.</summary>
    [Theory]
    [InlineData(0.5, "use a smaller batchSize with more accumulation, or a smaller model")]
    [InlineData(0.01, "train a smaller model")]
    public void Run_that_needs_more_memory_than_there_is_is_not_begun(double share, string remedy)
    {
        var recipe = Jobs.Small with { BatchSize = 320, Evaluation = EvaluationPlan.None };
        var needed = RecipeCost.Of(recipe, Datasets.FashionMnistSample).PeakMemoryBytes;
        var sink = new RecordingSink();
        var failure = Assert.Throws<TrainingFailedException>(() => Run((long)(share * needed)));

        Assert.Equal(ReasonCode.OutOfMemory, failure.Reason);
        Assert.StartsWith("Out of memory, not begun: it needs about 0.", failure.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, failure.Message, StringComparison.Ordinal);
        Assert.Empty(sink.Lines);
        Assert.True(Run(needed).Completed);

        TrainingOutcome Run(long memory) => Trainer.Run(
            new(recipe, null, new Dictionary<string, string>(), Threads: 1, MemoryBytes: memory), sink, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Run_asking_for_absent_cuda_is_unsupported()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "This machine has CUDA.");
        AssertUnsupported("The recipe asks for CUDA", Jobs.Small with { Device = ComputeDevice.Cuda });
    }

    [Fact]
    public void Run_of_an_invalid_recipe_says_all_that_is_wrong()
    {
        AssertUnsupported("patchSize: Patch size 5 does not divide", Jobs.Small with { PatchSize = 5 });
        AssertUnsupported("encoder.heads: 3 heads do not divide", Jobs.Small with { PatchSize = 5, Encoder = new(32, 1, 3) });
        AssertUnsupported("A patch of a single value has no variance", Jobs.Small with { PatchSize = 1 });
    }

    private static void AssertUnsupported(string why, Recipe recipe)
    {
        var failure = Assert.Throws<TrainingFailedException>(() => Jobs.Run(recipe, new RecordingSink()));
        Assert.Equal(ReasonCode.Unsupported, failure.Reason);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }
}
