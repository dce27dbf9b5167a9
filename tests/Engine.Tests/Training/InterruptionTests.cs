using MaeLab.Domain.Recipes;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

public sealed class InterruptionTests
{
    /// <summary>Other batches may give other last bits: those of the small presets are pinned.</summary>
    [Theory]
    [InlineData("nano", 128)]
    [InlineData("micro", 128)]
    [InlineData("tiny", 128)]
    [InlineData("base", 10)]
    [InlineData("large", 3)]
    [InlineData("huge", 1)]
    public void Batches_of_a_larger_model_have_fewer_images(string preset, int images) =>
        Assert.Equal(images, Of(Presets.Find(preset)!, channels: preset is "nano" or "micro" or "tiny" ? 1 : 3, new NoSink()).BatchSize);

    [Fact]
    public void Batches_hold_every_image_once_in_its_order() =>
        Assert.Equal(Enumerable.Range(0, 300), Of(Presets.Find("base")!, channels: 3, new NoSink()).Batches(Enumerable.Range(0, 300)).SelectMany(batch => batch));

    [Fact]
    public void Batches_end_at_the_first_question_that_is_answered_with_a_stop()
    {
        var seen = new List<int>();
        var sink = new RecordingSink { StopAtQuestion = 3 };
        Assert.Throws<StoppedMidwayException>(() =>
        {
            foreach (var batch in Of(Presets.Find("base")!, channels: 3, sink).Batches(Enumerable.Range(0, 300)))
            {
                seen.AddRange(batch);
            }
        });
        Assert.Equal(20, seen.Count);
    }

    private static Interruption Of(Recipe recipe, int channels, ITrainingSink sink) => new(sink, recipe, channels, TestContext.Current.CancellationToken);
}
