namespace MaeLab.Domain.Metrics;

/// <summary>
/// Points of one curve as a chart draws them: per bucket smallest, largest and last value, so that no spike vanishes.
/// Arrays of equal length. Where every bucket holds one point the curve is exact and min = max = last.
/// </summary>
public sealed record Curve(string Name, double[] X, double[] Min, double[] Max, double[] Last, bool Exact, long Count)
{
    public static Curve Empty(string name) => new(name, [], [], [], [], Exact: true, 0);
}

/// <summary>
/// Reduces a series to a given number of buckets over one grid shared by all series of a chart. Bucket i holds x from
/// i/n to (i + 1)/n of the way; its x is that of its last point; empty buckets are left out. Not-a-number values are
/// counted but neither widen nor end a bucket, unless it holds nothing else.
/// </summary>
public static class CurveBuckets
{
    /// <summary>From points in rising order of x; those outside the grid are left out.</summary>
    /// <param name="from">Left end of the grid, inclusive.</param>
    /// <param name="to">Right end, inclusive.</param>
    public static Curve FromPoints(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y, double from, double to, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        var curve = new CurveBuilder(from, to, buckets);
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] >= from && x[i] <= to)
            {
                curve.Add(x[i], y[i], y[i], y[i], 1);
            }
        }

        return curve.Build(name);
    }

    /// <summary>
    /// From chunk summaries in rising order, for a grid coarser than the chunks: a chunk goes to the bucket of its last step.
    /// A chunk that reaches over an end of the grid counts whole, so that no spike is lost there.
    /// </summary>
    public static Curve FromChunks(string name, IReadOnlyList<ChunkSummary> chunks, double from, double to, int buckets)
    {
        var curve = new CurveBuilder(from, to, buckets);
        foreach (var chunk in chunks)
        {
            if (chunk.LastStep >= from && chunk.FirstStep <= to)
            {
                curve.Add(Math.Min(chunk.LastStep, to), chunk.Min, chunk.Max, chunk.Last, chunk.Count);
            }
        }

        return curve.Build(name);
    }

    /// <summary>From chunk summaries over an axis other than the step.</summary>
    /// <param name="x">Where the last step of each chunk lies on that axis; rising.</param>
    public static Curve FromChunks(
        string name, IReadOnlyList<ChunkSummary> chunks, ReadOnlySpan<double> x, double from, double to, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, chunks.Count);
        var curve = new CurveBuilder(from, to, buckets);
        for (var i = 0; i < x.Length; i++)
        {
            var chunk = chunks[i];
            var begin = i == 0 ? double.NegativeInfinity : x[i - 1];
            if (x[i] >= from && begin < to)
            {
                curve.Add(Math.Min(x[i], to), chunk.Min, chunk.Max, chunk.Last, chunk.Count);
            }
        }

        return curve.Build(name);
    }
}
