using MaeLab.Domain.Metrics;

namespace MaeLab.Engine.Tests;

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
        Assert.Equal(Enumerable.Range(1, 80).Select(step => (long)step), sink.Points.Where(point => point.Series == SeriesNames.TrainLoss).Select(point => point.Step));
        Assert.Equal(80 * 32 * 12, sink.Values(SeriesNames.VisibleTokens)[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(20)]
    public void Run_stopped_and_resumed_ends_in_the_same_weights(int stopAt)
    {
        var whole = Jobs.Run(Jobs.Small, new RecordingSink());
        var first = new RecordingSink { StopAtStep = stopAt };
        var stopped = Jobs.Run(Jobs.Small, first);
        Assert.False(stopped.Completed);
        Assert.Equal(stopAt, stopped.Step);
        var second = new RecordingSink();
        var resumed = Jobs.Run(Jobs.Small, second, first.Checkpoints[^1].Content);

        Assert.Equal(whole.WeightsSha256, resumed.WeightsSha256);
        Assert.Equal(stopAt + 1, second.Points[0].Step);
    }
}
