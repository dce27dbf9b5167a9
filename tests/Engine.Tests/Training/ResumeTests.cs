using CsCheck;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

/// <summary>A run that is stopped and goes on ends in the same weights, to the bit.</summary>
public sealed class ResumeTests
{
    private static readonly Gen<Recipe> s_recipes =
        from precision in Gen.Enum<Precision>()
        from accumulation in Gen.Int[1, 3]
        from sampler in Gen.Enum<MaskSampler>()
        from augmentation in Gen.Enum<Augmentation>()
        from target in Gen.Enum<ReconstructionTarget>()
        from encoderMaskTokens in Gen.Bool
        from evaluated in Gen.Bool
        from clipped in Gen.Bool
        from uniform in Gen.Bool
        from seed in Gen.Long[0, 1000]
        select Jobs.Small with
        {
            Precision = precision,
            Accumulation = accumulation,
            MaskSampler = sampler,
            Augmentation = augmentation,
            Target = target,
            PcaComponents = 8,
            EncoderMaskTokens = encoderMaskTokens,
            Evaluation = evaluated ? new(LinearProbe: false, Reconstructions: 2, EveryEpochs: 1) : Jobs.Small.Evaluation,
            Checkpoints = new(EveryEpochs: evaluated ? 2 : 0, KeepLast: 1),
            ClipNorm = clipped ? 0.5 : null,
            Uniformity = uniform ? 0.01 : null,
            Seed = seed,
        };

    [Fact]
    public void Run_stopped_anywhere_and_resumed_ends_in_the_same_weights() =>
        Gen.Select(s_recipes, Gen.Double.Unit.Array[1, 3]).Sample(AssertSameWhenStopped, iter: 10, threads: 1);

    /// <summary>Of 4 accumulated batches: before the first one's passes, between passes in the midst, after the last forward pass.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void Run_stopped_in_the_midst_of_a_step_drops_it_and_ends_in_the_same_weights(int passes)
    {
        var recipe = Jobs.Small with { Accumulation = 4, Epochs = 3 };
        var whole = new RecordingSink();
        var outcome = Jobs.Run(recipe, whole);
        var first = new RecordingSink { StopAtQuestion = (8 * 2) + passes + 1 };

        Assert.Equal(new TrainingOutcome(Completed: false, 2, null), Jobs.Run(recipe, first));
        var saved = Assert.Single(first.Checkpoints);
        Assert.Equal(2, saved.Step);
        var second = new RecordingSink();
        Assert.Equal(outcome, Jobs.Run(recipe, second, saved.Content));
        Assert.Equal(whole.Values(SeriesNames.TrainLoss), first.Values(SeriesNames.TrainLoss).Concat(second.Values(SeriesNames.TrainLoss)));
        Assert.Equal(whole.Values(SeriesNames.GradientNorm)[2], second.Values(SeriesNames.GradientNorm)[0]);
    }

    /// <summary>The random recipes need not meet every pair; these are the ones most unlike each other inside.</summary>
    [Theory]
    [InlineData(Precision.Fp32, 1, ReconstructionTarget.NormalizedPixels, false)]
    [InlineData(Precision.Bf16, 3, ReconstructionTarget.Pca, true)]
    [InlineData(Precision.Bf16, 1, ReconstructionTarget.Pixels, false)]
    [InlineData(Precision.Fp32, 2, ReconstructionTarget.Pca, true)]
    public void Run_stopped_twice_ends_in_the_same_weights(Precision precision, int accumulation, ReconstructionTarget target, bool encoderMaskTokens) =>
        AssertSameWhenStopped(
            Jobs.Small with { Precision = precision, Accumulation = accumulation, Target = target, EncoderMaskTokens = encoderMaskTokens, Augmentation = Augmentation.RandomCropColorJitter },
            [0.3, 0.7]);

    /// <summary>A killed process leaves no last words: it goes on from the newest checkpoint it had saved, and repeats what came after.</summary>
    [Fact]
    public void Run_killed_between_checkpoints_ends_in_the_same_weights()
    {
        var recipe = Jobs.Small with { Checkpoints = new(EveryEpochs: 1, KeepLast: 1), Precision = Precision.Bf16, Evaluation = new(LinearProbe: true, Reconstructions: 2, EveryEpochs: 1) };
        var killed = new RecordingSink { StopAtStep = 17, Stop = StopRequest.Stop };
        Jobs.Run(recipe, killed);

        Assert.Equal(10, killed.Checkpoints[^1].Step);
        Assert.Equal(Jobs.Run(recipe, new RecordingSink()).WeightsSha256, Jobs.Run(recipe, new RecordingSink(), killed.Checkpoints[^1].Content).WeightsSha256);
    }

    [Fact]
    public void Run_resumed_records_the_next_step_and_goes_on_with_the_clock()
    {
        var first = new RecordingSink { StopAtStep = 13 };
        Jobs.Run(Jobs.Small, first);
        var second = new RecordingSink();
        Jobs.Run(Jobs.Small, second, first.Checkpoints[^1].Content);

        foreach (var series in first.Points.Select(point => point.Series).Distinct())
        {
            var steps = first.Points.Concat(second.Points).Where(point => point.Series == series).Select(point => point.Step);
            Assert.Equal(Enumerable.Range(1, 30).Select(step => (long)step), steps);
        }

        Assert.True(second.Values(SeriesNames.ElapsedSeconds)[0] > first.Values(SeriesNames.ElapsedSeconds)[^1]);
        Assert.Equal(13, second.Reports[0].Step);
    }

    [Fact]
    public void Run_resumed_at_its_end_completes_without_another_checkpoint()
    {
        var first = new RecordingSink();
        var whole = Jobs.Run(Jobs.Small, first);
        var second = new RecordingSink();
        var again = Jobs.Run(Jobs.Small, second, first.Checkpoints[^1].Content);

        Assert.Equal(whole, again);
        Assert.Empty(second.Checkpoints);
        Assert.Empty(second.Points);
    }

    [Fact]
    public void Run_from_a_checkpoint_of_another_recipe_is_refused()
    {
        var sink = new RecordingSink { StopAtStep = 2 };
        Jobs.Run(Jobs.Small, sink);
        var content = sink.Checkpoints[^1].Content;

        AssertRefused("belongs to another recipe", Jobs.Small with { MaskRatio = 0.5 }, content);
        // Where it is computed and what is kept of it do not make another run.
        Assert.True(Jobs.Run(Jobs.Small with { Device = ComputeDevice.Auto, Checkpoints = new(1, 1) }, new RecordingSink(), content).Completed);
    }

    [Fact]
    public void Run_from_a_damaged_checkpoint_is_refused()
    {
        var sink = new RecordingSink { StopAtStep = 2 };
        Jobs.Run(Jobs.Small, sink);
        var content = sink.Checkpoints[^1].Content;

        AssertRefused("The safetensors file ends within tensor", Jobs.Small, content[..^100]);
        AssertRefused("Bytes follow the last tensor", Jobs.Small, [.. content, 0]);
        AssertRefused("ends within", Jobs.Small, []);
    }

    /// <param name="shares">Of the run's questions, at which it is stopped: between steps, in their midst, in an evaluation; a checkpoint saved earlier stands in where nothing was done in between.</param>
    private static void AssertSameWhenStopped(Recipe recipe, double[] shares)
    {
        var uninterrupted = new RecordingSink();
        var whole = Jobs.Run(recipe, uninterrupted);
        byte[]? checkpoint = null;
        var asked = 0L;
        foreach (var share in shares.Order())
        {
            var sink = new RecordingSink { StopAtQuestion = Math.Max(1, (long)(share * uninterrupted.Questions) - asked) };
            Jobs.Run(recipe, sink, checkpoint);
            checkpoint = sink.Checkpoints.Count > 0 ? sink.Checkpoints[^1].Content : checkpoint;
            asked += sink.Questions;
        }

        Assert.Equal(whole.WeightsSha256, Jobs.Run(recipe, new RecordingSink(), checkpoint).WeightsSha256);
    }

    private static void AssertRefused(string why, Recipe recipe, byte[] checkpoint)
    {
        var failure = Assert.Throws<TrainingFailedException>(() => Jobs.Run(recipe, new RecordingSink(), checkpoint));
        Assert.Equal(ReasonCode.BadData, failure.Reason);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }
}
