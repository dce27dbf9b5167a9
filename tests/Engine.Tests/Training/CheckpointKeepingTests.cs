using System.Buffers.Binary;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

/// <summary>What counts as saved: a checkpoint that was kept, of weights that are numbers.</summary>
public sealed class CheckpointKeepingTests
{
    private static readonly Recipe s_evaluated = Jobs.Small with { Evaluation = new(LinearProbe: false, Reconstructions: 1, EveryEpochs: 1) };

    [Fact]
    public void Checkpoint_that_found_no_room_is_saved_again_when_the_run_is_stopped_there()
    {
        var sink = new RecordingSink { CheckpointsWithoutRoom = 1, StopAtStep = 10 };
        Assert.Equal(new TrainingOutcome(Completed: false, 10, null), Jobs.Run(Jobs.Small with { Checkpoints = new(EveryEpochs: 1, KeepLast: 1) }, sink));
        Assert.Equal(10, Assert.Single(sink.Checkpoints).Step);
        Assert.Equal(2, sink.SaveAttempts);
    }

    [Fact]
    public void Run_whose_final_checkpoint_is_not_kept_has_not_completed()
    {
        var sink = new RecordingSink { CheckpointsWithoutRoom = int.MaxValue };
        Assert.Equal(new TrainingOutcome(Completed: false, 30, null), Jobs.Run(Jobs.Small, sink));
    }

    /// <summary>At step 10 training would go on from it, at 30 it would be the run's result.</summary>
    [Theory]
    [InlineData(10, "norm.weight")]
    [InlineData(30, "norm.weight")]
    [InlineData(30, "optim.exp_avg.norm.weight")]
    [InlineData(30, "optim.exp_avg_sq.norm.weight")]
    public void Weights_or_moments_that_are_no_numbers_are_never_saved(long step, string tensor)
    {
        var first = new RecordingSink { StopAtStep = step };
        Jobs.Run(s_evaluated, first);
        var (saved, _, _, content) = first.Checkpoints[^1];
        Assert.Equal(step, saved);
        var header = new SafetensorsReader(new MemoryStream(content)).Header;
        BinaryPrimitives.WriteSingleLittleEndian(
            content.AsSpan(8 + BinaryPrimitives.ReadInt32LittleEndian(content) + (int)header.Entries.Single(entry => entry.Name == tensor).Begin), float.NegativeInfinity);
        var second = new RecordingSink();

        var failure = Assert.Throws<TrainingFailedException>(() => Jobs.Run(s_evaluated, second, content));
        Assert.Equal(ReasonCode.Diverged, failure.Reason);
        Assert.Equal($"Diverged by step {step} (epoch {step / 10.0:F2}): weights or moments are not finite. The checkpoint of step {step} is kept.", failure.Message);
        Assert.Empty(second.Checkpoints);
        Assert.Empty(second.Evaluations);
    }
}
