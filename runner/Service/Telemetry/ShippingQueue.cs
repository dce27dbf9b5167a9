using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using MaeLab.Domain.Metrics;
using MaeLab.Storage.Model;

namespace MaeLab.Runner.Telemetry;

/// <summary>Between the training thread, which writes and never waits, and the <see cref="Shipper"/>, which reads.</summary>
internal sealed class ShippingQueue
{
    /// <summary>100 MB at 24 bytes a point: ten series at a hundred steps a second for more than an hour without a database.</summary>
    public const int PointLimit = 4_000_000;

    private const int LogLimit = 10_000;

    private readonly Channel<MetricPoint> _points = Channel.CreateBounded<MetricPoint>(
        new BoundedChannelOptions(PointLimit) { SingleReader = true, SingleWriter = true });

    private readonly Channel<RunLogRow> _logs = Channel.CreateBounded<RunLogRow>(
        new BoundedChannelOptions(LogLimit) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Channel<ShipItem> _items = Channel.CreateUnbounded<ShipItem>(new() { SingleReader = true });

    private long _dropped;

    /// <summary>Points that found the queue full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(MetricPoint point)
    {
        if (!_points.Writer.TryWrite(point))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public void Add(RunLogRow line) => _logs.Writer.TryWrite(line);

    public void Add(ShipItem item) => _items.Writer.TryWrite(item);

    public List<MetricPoint> TakePoints() => Take(_points.Reader);

    public List<RunLogRow> TakeLogs() => Take(_logs.Reader);

    public bool TryTake([NotNullWhen(true)] out ShipItem? item) => _items.Reader.TryRead(out item);

    /// <summary>The next item, left where it is.</summary>
    public bool TryPeek([NotNullWhen(true)] out ShipItem? item) => _items.Reader.TryPeek(out item);

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
