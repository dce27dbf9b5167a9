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
            ClipNorm = clipped ? 0.5 : null,
            Uniformity = uniform ? 0.01 : null,
            Seed = seed,
        };

    [Fact]
    public void Run_stopped_anywhere_and_resumed_ends_in_the_same_weights() => Gen.Select(s_recipes, Gen.Double.Unit, Gen.Double.Unit).Sample(
        (recipe, first, second) =>
        {
            var whole = Jobs.Run(recipe, new RecordingSink());
            byte[]? checkpoint = null;
            foreach (var share in new[] { Math.Min(first, second), Math.Max(first, second) })
            {
                var sink = new RecordingSink { StopAtStep = Math.Max(1, (long)(share * whole.Step)) };
                var stopped = Jobs.Run(recipe, sink, checkpoint);
                checkpoint = sink.Checkpoints.Count > 0 ? sink.Checkpoints[^1].Content : checkpoint;
            }

            Assert.Equal(whole.WeightsSha256, Jobs.Run(recipe, new RecordingSink(), checkpoint).WeightsSha256);
        },
        iter: 8, threads: 1);

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

    private static void AssertRefused(string why, Recipe recipe, byte[] checkpoint)
    {
        var failure = Assert.Throws<TrainingFailedException>(() => Jobs.Run(recipe, new RecordingSink(), checkpoint));
        Assert.Equal(ReasonCode.BadData, failure.Reason);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }
}
