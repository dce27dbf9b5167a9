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
    public static byte[] Curves(IReadOnlyList<LineSeries> series)
    {
        var columns = Columns(series);
        var bytes = new byte[series.Sum(line => Header + (columns.Count * sizeof(double) * line.Curve.X.Length))];
        var rest = bytes.AsSpan();
        for (var i = 0; i < series.Count; i++)
        {
            WriteHeader(ref rest, i, series[i].Curve.X.Length);
            foreach (var (_, valuesOf) in columns)
            {
                WriteValues(ref rest, valuesOf(series[i]));
            }
        }

        return bytes;
    }

    /// <summary>Per series step and value, and the smoothed value where there is one.</summary>
    public static byte[] Points(IReadOnlyList<LinePoints> added)
    {
        var bytes = new byte[added.Sum(line => Header + ((line.Smoothed is null ? 2 : 3) * sizeof(double) * line.Points.Count))];
        var rest = bytes.AsSpan();
        foreach (var (series, points, smoothed) in added)
        {
            WriteHeader(ref rest, series, points.Count);
            WriteValues(ref rest, points.Select(point => (double)point.Step));
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
