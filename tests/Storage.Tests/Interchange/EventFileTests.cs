using System.Text;
using MaeLab.Storage.Interchange;
using MaeLab.Testing.Databases;

namespace MaeLab.Storage.Tests.Interchange;

/// <summary>Event files of TensorBoard. Tests/System reads them by the message types of TorchSharp.</summary>
public sealed class EventFileTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The file is one that TorchSharp 0.107's SummaryWriter wrote: what the reader of these tests takes is what others write.</summary>
    [Fact]
    public void Reader_of_these_tests_takes_what_TorchSharp_writes()
    {
        var events = ReadEvents.Of(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Interchange", "torchsharp.tfevents")));

        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal(
            [(1767355200.0, 0L, "train/loss", 1.5f), (1767355201.0, 1L, "train/loss", float.NaN), (1767355500.0, 300L, "train/loss", -0.25f)],
            events.Skip(1).Take(3).Select(one => (one.WallTime, one.Step, one.Tag, one.Scalar!.Value)));
        Assert.Equal(("text", "hello — ☃"), (events[4].Plugin!.Value.Name, TextOf(events[4])));
    }

    [Fact]
    public async Task Events_have_time_step_tag_and_value()
    {
        using var written = new MemoryStream();
        var file = new EventFile(written);

        await file.WriteVersionAsync(SampleRuns.Noon, Token);
        await file.WriteScalarAsync(SampleRuns.Noon.AddSeconds(0.25), 1L << 40, "train/loss", double.PositiveInfinity, Token);
        await file.WriteImageAsync(SampleRuns.Noon, 3, "masked/0", width: 28, height: 14, [1, 2, 3], Token);
        await file.WriteTextAsync(SampleRuns.Noon, "recipe", "hello — ☃", Token);

        var events = ReadEvents.Of(written.ToArray());
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal((1767355200.25, 1L << 40, "train/loss", float.PositiveInfinity), (events[1].WallTime, events[1].Step, events[1].Tag, events[1].Scalar));
        var image = events[2].Image!;
        Assert.Equal(("masked/0", 14L, 28L), (events[2].Tag, image[1].Single(), image[2].Single()));
        Assert.Equal(new byte[] { 1, 2, 3 }, image[4].Single());
        Assert.Equal(("recipe", "text", "hello — ☃"), (events[3].Tag, events[3].Plugin!.Value.Name, TextOf(events[3])));
    }

    private static string TextOf(ReadEvent text) => Encoding.UTF8.GetString((byte[])ProtoFields.Read((byte[])text.Value[8].Single())[8].Single());
}
