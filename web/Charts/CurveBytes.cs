using System.Buffers.Binary;

namespace MaeLab.Web.Charts;

/// <summary>
/// Points as the browser reads them: blocks of [int32 series, int32 count, columns x count float64], little endian. A
/// byte array crosses the circuit as it is, in a seventh of the room that JSON takes.
/// </summary>
public static class CurveBytes
{
    private const int Header = 2 * sizeof(int);

    /// <summary>Per series x, smallest, largest and last value.</summary>
    public static byte[] Curves(IReadOnlyList<LineSeries> series)
    {
        var bytes = new byte[series.Sum(line => Header + (4 * sizeof(double) * line.Curve.X.Length))];
        var rest = bytes.AsSpan();
        for (var i = 0; i < series.Count; i++)
        {
            var curve = series[i].Curve;
            WriteHeader(ref rest, i, curve.X.Length);
            foreach (var column in (double[][])[curve.X, curve.Min, curve.Max, curve.Last])
            {
                foreach (var value in column)
                {
                    WriteValue(ref rest, value);
                }
            }
        }

        return bytes;
    }

    /// <summary>Per series step and value.</summary>
    public static byte[] Points(IReadOnlyList<LinePoints> added)
    {
        var bytes = new byte[added.Sum(line => Header + (2 * sizeof(double) * line.Points.Count))];
        var rest = bytes.AsSpan();
        foreach (var (series, points) in added)
        {
            WriteHeader(ref rest, series, points.Count);
            foreach (var point in points)
            {
                WriteValue(ref rest, point.Step);
            }

            foreach (var point in points)
            {
                WriteValue(ref rest, point.Value);
            }
        }

        return bytes;
    }

    private static void WriteHeader(ref Span<byte> rest, int series, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, series);
        BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(int)..], count);
        rest = rest[Header..];
    }

    private static void WriteValue(ref Span<byte> rest, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(rest, value);
        rest = rest[sizeof(double)..];
    }
}
