using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using MaeLab.Domain.Metrics;
using MaeLab.Runner.Spooling;
using MaeLab.Storage.Model;

namespace MaeLab.Runner.Telemetry;

/// <summary>Between the training thread, which writes and never waits, and the <see cref="Spooler"/>, which reads.</summary>
internal sealed class ShippingQueue
{
    /// <summary>100 MB at 24 bytes a point: four seconds of a million points each, should the disk hang.</summary>
    public const int PointLimit = 4_000_000;

    private const int LogLimit = 10_000;

    private readonly Channel<MetricPoint> _points = Channel.CreateBounded<MetricPoint>(
        new BoundedChannelOptions(PointLimit) { SingleReader = true, SingleWriter = true });

    private readonly Channel<RunLogRow> _logs = Channel.CreateBounded<RunLogRow>(
        new BoundedChannelOptions(LogLimit) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Channel<ShipItem> _items = Channel.CreateUnbounded<ShipItem>(new() { SingleReader = true });

    private long _produced;
    private long _dropped;

    /// <summary>Points handed to the queue. Read after <see cref="Dropped"/>, or after points were taken, it is never less than these.</summary>
    public long Produced => Volatile.Read(ref _produced);

    /// <summary>Points that found the queue full, or the spool after it.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(MetricPoint point)
    {
        Volatile.Write(ref _produced, _produced + 1);
        if (!_points.Writer.TryWrite(point))
        {
            Drop(1);
        }
    }

    public void Drop(int points) => Interlocked.Add(ref _dropped, points);

    public void Add(RunLogRow line) => _logs.Writer.TryWrite(line);

    public void Add(ShipItem item) => _items.Writer.TryWrite(item);

    public List<MetricPoint> TakePoints() => Take(_points.Reader);

    public List<RunLogRow> TakeLogs() => Take(_logs.Reader);

    /// <summary>The next item, left where it is.</summary>
    public bool TryPeek([NotNullWhen(true)] out ShipItem? item) => _items.Reader.TryPeek(out item);

    /// <summary>Removes the item that was peeked at.</summary>
    public void Remove() => _items.Reader.TryRead(out _);

    private static List<T> Take<T>(ChannelReader<T> reader)
    {
        var taken = new List<T>(reader.Count);
        while (reader.TryRead(out var item))
        {
            taken.Add(item);
        }

        return taken;
    }
}
