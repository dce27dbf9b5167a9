using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Runner.Telemetry;

namespace MaeLab.Runner.Spooling;

/// <summary>
/// An item as the content of a record: a byte for its kind, then JSON; of points, which are many, the names of their series
/// once and 18 bytes each. Little-endian.
/// </summary>
internal static class ShipItemFormat
{
    private const int PointSize = sizeof(ushort) + sizeof(long) + sizeof(double);

    // A probe's value may be no number.
    private static readonly JsonSerializerOptions s_json = new(JsonDefaults.Options) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private enum Kind : byte
    {
        Points = 1,
        Log,
        Evaluation,
        Checkpoint,
        Outcome,
    }

    /// <returns>A record: <see cref="SpoolSegment.HeaderSize"/> free bytes, then the content.</returns>
    public static byte[] Write(ShipItem item) => item switch
    {
        PointsItem points => WritePoints(points),
        LogItem log => WriteJson(Kind.Log, log),
        EvaluationItem evaluation => WriteJson(Kind.Evaluation, evaluation),
        CheckpointItem checkpoint => WriteJson(Kind.Checkpoint, checkpoint),
        OutcomeItem outcome => WriteJson(Kind.Outcome, outcome),
        _ => throw new InvalidOperationException($"Unknown item {item.GetType().Name}."),
    };

    /// <exception cref="FormatException">It is none; another version may have written it.</exception>
    public static ShipItem Read(ReadOnlySpan<byte> content)
    {
        try
        {
            return (Kind)content[0] switch
            {
                Kind.Points => ReadPoints(content[1..]),
                Kind.Log => ReadJson<LogItem>(content),
                Kind.Evaluation => ReadJson<EvaluationItem>(content),
                Kind.Checkpoint => ReadJson<CheckpointItem>(content),
                Kind.Outcome => ReadJson<OutcomeItem>(content),
                var kind => throw new FormatException($"Unknown kind of item {kind}."),
            };
        }
        catch (Exception error) when (error is JsonException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new FormatException(error.Message, error);
        }
    }

    private static byte[] WriteJson<T>(Kind kind, T item)
    {
        using var record = new MemoryStream();
        record.SetLength(SpoolSegment.HeaderSize);
        record.Position = SpoolSegment.HeaderSize;
        record.WriteByte((byte)kind);
        JsonSerializer.Serialize(record, item, s_json);
        return record.ToArray();
    }

    private static T ReadJson<T>(ReadOnlySpan<byte> content) =>
        JsonSerializer.Deserialize<T>(content[1..], s_json) ?? throw new FormatException("The item is null.");

    private static byte[] WritePoints(PointsItem item)
    {
        var indices = new Dictionary<string, ushort>();
        foreach (var point in item.Points)
        {
            indices.TryAdd(point.Series, (ushort)indices.Count);
        }

        byte[][] names = [.. indices.Keys.Select(Encoding.UTF8.GetBytes)];
        var record = new byte[SpoolSegment.HeaderSize + 1 + (2 * sizeof(long)) + sizeof(ushort) + names.Sum(name => sizeof(ushort) + name.Length) + (item.Points.Count * PointSize)];
        record[SpoolSegment.HeaderSize] = (byte)Kind.Points;
        var rest = record.AsSpan(SpoolSegment.HeaderSize + 1);
        Put(ref rest, item.Produced);
        Put(ref rest, item.Dropped);
        Put(ref rest, (ushort)names.Length);
        foreach (var name in names)
        {
            Put(ref rest, (ushort)name.Length);
            name.CopyTo(rest);
            rest = rest[name.Length..];
        }

        foreach (var point in item.Points)
        {
            Put(ref rest, indices[point.Series]);
            Put(ref rest, point.Step);
            Put(ref rest, BitConverter.DoubleToInt64Bits(point.Value));
        }

        return record;
    }

    private static PointsItem ReadPoints(ReadOnlySpan<byte> rest)
    {
        var (produced, dropped) = (TakeLong(ref rest), TakeLong(ref rest));
        var names = new string[TakeShort(ref rest)];
        for (var i = 0; i < names.Length; i++)
        {
            var length = TakeShort(ref rest);
            names[i] = Encoding.UTF8.GetString(rest[..length]);
            rest = rest[length..];
        }

        var points = new List<MetricPoint>(rest.Length / PointSize);
        while (rest.Length > 0)
        {
            points.Add(new(names[TakeShort(ref rest)], TakeLong(ref rest), BitConverter.Int64BitsToDouble(TakeLong(ref rest))));
        }

        return new(points, produced, dropped);
    }

    private static void Put(ref Span<byte> rest, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(rest, value);
        rest = rest[sizeof(long)..];
    }

    private static void Put(ref Span<byte> rest, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(rest, value);
        rest = rest[sizeof(ushort)..];
    }

    private static long TakeLong(ref ReadOnlySpan<byte> rest)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(rest);
        rest = rest[sizeof(long)..];
        return value;
    }

    private static ushort TakeShort(ref ReadOnlySpan<byte> rest)
    {
        var value = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        rest = rest[sizeof(ushort)..];
        return value;
    }
}
