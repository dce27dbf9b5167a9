using System.Buffers.Binary;

namespace MaeLab.Web.Charts;

/// <summary>
/// Points as the browser reads them: blocks of [int32 series, int32 count, columns x count float64], little endian. A
/// byte array crosses the circuit as it is, in a seventh of the room that JSON takes.
/// </summary>
public static class CurveBytes
{
    private const int Header = 2 * sizeof(int);

    /// <summary>
    /// Names of the columns of <see cref="Curves"/>, as lineChart.js calls them: all series have the same, those without
    /// points aside.
    /// </summary>
    public static IReadOnlyList<string> ColumnsOf(IReadOnlyList<LineSeries> series) => [.. Columns(series).Select(column => column.Name)];

    /// <summary>Per series its columns.</summary>
    public static byte[] Curves(IReadOnlyList<LineSeries> series) => CurvesFrom(series, [.. series.Select(_ => (int?)0)]);

    /// <summary>The same of some series, each from a place on.</summary>
    /// <param name="starts">Of all series; null: nothing of it.</param>
    public static byte[] CurvesFrom(IReadOnlyList<LineSeries> series, IReadOnlyList<int?> starts)
    {
        var columns = Columns(series);
        var sent = series.Zip(starts).Index().Where(line => line.Item.Second is not null).Select(line => (line.Index, Line: line.Item.First, Start: line.Item.Second!.Value)).ToList();
        var bytes = new byte[sent.Sum(part => Header + (columns.Count * sizeof(double) * (part.Line.Curve.X.Length - part.Start)))];
        var rest = bytes.AsSpan();
        foreach (var (index, line, start) in sent)
        {
            WriteHeader(ref rest, index, line.Curve.X.Length - start);
            foreach (var (_, valuesOf) in columns)
            {
                WriteValues(ref rest, valuesOf(line).Skip(start));
            }
        }

        return bytes;
    }

    /// <summary>From where on each series is other than it was when it was sent.</summary>
    /// <returns>Null for a series that is the same; null for all where they are other series, or have other columns.</returns>
    public static IReadOnlyList<int?>? StartsOfChange(IReadOnlyList<LineSeries> sent, IReadOnlyList<LineSeries> now)
    {
        if (!sent.Select(LookOf).SequenceEqual(now.Select(LookOf)) || !ColumnsOf(sent).SequenceEqual(ColumnsOf(now)))
        {
            return null;
        }

        var columns = Columns(now);
        return [.. sent.Zip(now, (before, after) => (int?)columns.Min(column => column.Of(before).Zip(column.Of(after)).TakeWhile(pair => pair.First.Equals(pair.Second)).Count()) is { } same
            && (same < before.Curve.X.Length || same < after.Curve.X.Length) ? same : (int?)null)];

        static object LookOf(LineSeries line) => (line.Label, line.Color, line.Dash, line.Curve.Exact, string.Join(' ', line.Marks ?? []));
    }

    /// <summary>Per series x and value, and the smoothed value where there is one.</summary>
    public static byte[] Points(IReadOnlyList<LinePoints> added)
    {
        var bytes = new byte[added.Sum(line => Header + ((line.Smoothed is null ? 2 : 3) * sizeof(double) * line.Points.Count))];
        var rest = bytes.AsSpan();
        foreach (var (series, points, smoothed, x) in added)
        {
            WriteHeader(ref rest, series, points.Count);
            WriteValues(ref rest, x ?? points.Select(point => (double)point.Step));
            WriteValues(ref rest, points.Select(point => point.Value));
            WriteValues(ref rest, smoothed ?? []);
        }

        return bytes;
    }

    private static List<(string Name, Func<LineSeries, IEnumerable<double>> Of)> Columns(IReadOnlyList<LineSeries> series)
    {
        List<(string, Func<LineSeries, IEnumerable<double>>)> columns =
            [("x", line => line.Curve.X), ("min", line => line.Curve.Min), ("max", line => line.Curve.Max), ("last", line => line.Curve.Last)];
        if (series.Any(line => line.Curve.Smoothed is not null))
        {
            columns.Add(("smoothed", line => line.Curve.Smoothed?.Values ?? []));
        }

        if (series.Any(line => line.Seeds is not null))
        {
            columns.Add(("n", line => line.Seeds?.Select(count => (double)count) ?? []));
        }

        return columns;
    }

    private static void WriteHeader(ref Span<byte> rest, int series, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, series);
        BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(int)..], count);
        rest = rest[Header..];
    }

    private static void WriteValues(ref Span<byte> rest, IEnumerable<double> values)
    {
        foreach (var value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(rest, value);
            rest = rest[sizeof(double)..];
        }
    }
}
