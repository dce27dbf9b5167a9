using MaeLab.Messaging.Tests.Spooling;
using MaeLab.Runner.Telemetry;
using MaeLab.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaeLab.Messaging.Tests.Runner;

public sealed class ShippingSinkTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-sink-");
    private readonly ShippingQueue _queue = new();
    private readonly ShippingSink _sink;

    public ShippingSinkTests() => _sink = new(
        SampleItems.Order(), _queue, () => { }, new FactOutbox(null!, NullLogger<FactOutbox>.Instance), _folder.FullName, TimeProvider.System);

    public void Dispose() => Directory.Delete(_folder.FullName, recursive: true);

    [Fact]
    public void Checkpoint_that_finds_no_room_on_disk_is_skipped_with_a_warning()
    {
        _sink.SaveCheckpoint(7, 1, final: false, _ => throw new IOException("No space left on device"));

        Assert.False(_queue.TryPeek(out _));
        Assert.Contains("No space left on device", Assert.Single(_queue.TakeLogs()).Text, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task Final_checkpoint_waits_for_room()
    {
        var isFull = true;
        var saving = Task.Run(
            () => _sink.SaveCheckpoint(7, 1, final: true, stream =>
            {
                if (Volatile.Read(ref isFull))
                {
                    throw new IOException("No space left on device");
                }

                stream.WriteByte(1);
            }),
            TestContext.Current.CancellationToken);
        await Eventually.GetAsync("line in the run's log", () => Task.FromResult(_queue.TakeLogs().FirstOrDefault()));
        Assert.False(saving.IsCompleted);

        Volatile.Write(ref isFull, false);
        await saving;

        Assert.True(_queue.TryPeek(out var item));
        Assert.Equal(1, new FileInfo(Path.Combine(_folder.FullName, Assert.IsType<CheckpointItem>(item).File)).Length);
    }
}
