using System.Globalization;
using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Runner.Execution;
using MaeLab.Runner.Telemetry;

namespace MaeLab.Runner.Spooling;

/// <summary>
/// What an attempt has made and the database does not have yet: records in order, in files of its work folder. One thread
/// appends, another reads; a later process reads what a killed one left. Nothing is forced to the disk: what was written
/// outlives the process, and after a power cut the checksums tell how far it is whole.
/// </summary>
internal sealed class Spool : IDisposable
{
    /// <summary>A segment is deleted once all of it is stored; a new life of the runner stores no more than this a second time.</summary>
    private const int SegmentSize = 1 << 20;

    private const string OrderFile = "order.json";
    private const string Extension = ".spool";

    private readonly Lock _lock = new();
    private readonly List<SpoolSegment> _segments = [];
    private readonly long _limit;
    private int _number;

    // Where the reader is.
    private int _segment;
    private long _offset;

    private Spool(string folder, AttemptOrder order, long limit) => (Folder, Order, _limit) = (folder, order, limit);

    public string Folder { get; }

    public AttemptOrder Order { get; }

    /// <param name="limit">In bytes; what is beyond is refused, but for the few small items that tell how an attempt went.</param>
    public static Spool Create(string folder, AttemptOrder order, long limit)
    {
        File.WriteAllText(Path.Combine(folder, OrderFile), JsonSerializer.Serialize(order, JsonDefaults.Options));
        return new(folder, order, limit);
    }

    /// <summary>The spool that an earlier process left in this folder, to be read.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="JsonException">Its order is damaged.</exception>
    public static Spool? Find(string folder)
    {
        var path = Path.Combine(folder, OrderFile);
        if (!File.Exists(path) || JsonSerializer.Deserialize<AttemptOrder>(File.ReadAllText(path), JsonDefaults.Options) is not { } order)
        {
            return null;
        }

        var spool = new Spool(folder, order, limit: 0);
        spool._segments.AddRange(Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).Select(SpoolSegment.Open));
        return spool;
    }

    /// <returns>Null, or why it was not taken.</returns>
    public string? TryAppend(ShipItem item)
    {
        var record = ShipItemFormat.Write(item);
        lock (_lock)
        {
            if (item is PointsItem { Points.Count: > 0 } or EvaluationItem { Images.Count: > 0 } && _segments.Sum(segment => segment.Length) + record.Length > _limit)
            {
                return $"the spool holds {_limit:#,0} bytes already ({RunnerOptions.Section}:{nameof(RunnerOptions.SpoolBytes)})";
            }

            try
            {
                if (_segments.Count == 0 || _segments[^1].Length >= SegmentSize)
                {
                    // Somebody may have tidied up.
                    Directory.CreateDirectory(Folder);
                    var name = (_number + 1).ToString("D8", CultureInfo.InvariantCulture) + Extension;
                    _segments.Add(SpoolSegment.Create(Path.Combine(Folder, name)));
                    _number++;
                }

                _segments[^1].Append(record);
                return null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return error.Message;
            }
        }
    }

    /// <returns>The next item; null where there is none by now.</returns>
    /// <exception cref="SpoolDamagedException">There is something else; it stays there.</exception>
    public ShipItem? Read()
    {
        lock (_lock)
        {
            for (; _segment < _segments.Count; _segment++, _offset = 0)
            {
                var (segment, offset) = (_segments[_segment], _offset);
                if (segment.Read(ref _offset) is { } content)
                {
                    return Parse(content, segment, offset);
                }

                if (_segment == _segments.Count - 1)
                {
                    // More may be appended to this one.
                    break;
                }
            }

            return null;
        }
    }

    /// <summary>All that was read is stored.</summary>
    public void Release()
    {
        lock (_lock)
        {
            for (; _segment > 0; _segment--)
            {
                _segments[0].Delete();
                _segments.RemoveAt(0);
            }
        }
    }

    /// <summary>Of a checkpoint's file.</summary>
    public string PathOf(CheckpointItem checkpoint) => Path.Combine(Folder, checkpoint.File);

    public void Dispose() => _segments.ForEach(segment => segment.Dispose());

    private static ShipItem Parse(byte[] content, SpoolSegment segment, long offset)
    {
        try
        {
            return ShipItemFormat.Read(content);
        }
        catch (FormatException)
        {
            throw new SpoolDamagedException(segment.Path, offset, isTorn: false);
        }
    }
}
