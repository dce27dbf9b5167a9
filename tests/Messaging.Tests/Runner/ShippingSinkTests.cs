using MaeLab.Runner.Spooling;
using MaeLab.Messaging.Tests.Spooling;
using MaeLab.Domain.Metrics;
using MaeLab.Runner.Machine;
using MaeLab.Runner.Telemetry;
using MaeLab.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaeLab.Messaging.Tests.Runner;

public sealed class ShippingSinkTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-sink-");
    private readonly ShippingQueue _queue = new();
    private readonly ShippingSink _sink;
    private ResourceUse? _use = new(9, 9_000_000, Gpu: null);

    public ShippingSinkTests() => _sink = new(
        SampleItems.Order(), _queue, new(Spool.Create(_folder.CreateSubdirectory("spool").FullName, SampleItems.Order(), 0), long.MaxValue), () => { }, new FactOutbox(null!, NullLogger<FactOutbox>.Instance), () => _use, _folder.FullName, TimeProvider.System);

    public void Dispose() => Directory.Delete(_folder.FullName, recursive: true);

    [Fact]
    public void Checkpoint_that_finds_no_room_on_disk_is_skipped_with_a_warning()
    {
        Assert.False(_sink.SaveCheckpoint(7, 1, final: false, _ => throw new IOException("No space left on device")));

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
        Assert.True(await saving);

        Assert.True(_queue.TryPeek(out var item));
        Assert.Equal(1, new FileInfo(Path.Combine(_folder.FullName, Assert.IsType<CheckpointItem>(item).File)).Length);
    }

    [Fact]
    public void Sample_of_the_machine_is_recorded_once_at_the_step_that_hears_of_it()
    {
        Report(1); // knows only the sample from before the attempt
        _use = new(1.5, 400_000_000, new GpuUse(0.25, 2_000_000_000));
        Report(2);
        Report(3);
        _use = new(2, 500_000_000, Gpu: null);
        Report(2); // its step has a sample already
        Report(4);

        Assert.Equal(
            [
                new(SeriesNames.CpuCores, 2, 1.5), new(SeriesNames.Memory, 2, 400), new(SeriesNames.GpuUtilisation, 2, 0.25), new(SeriesNames.GpuMemory, 2, 2000),
                new(SeriesNames.CpuCores, 4, 2), new MetricPoint(SeriesNames.Memory, 4, 500),
            ],
            _queue.TakePoints());
    }

    private void Report(long step) => _sink.Report(new(step, 10, 1, null, 0));
}
