namespace MaeLab.Domain.Metrics;

/// <summary>
/// Points of one curve as a chart draws them: per bucket smallest, largest and last value, so that no spike vanishes.
/// Arrays of equal length. Where every bucket holds one point the curve is exact and min = max = last.
/// </summary>
public sealed record Curve(string Name, double[] X, double[] Min, double[] Max, double[] Last, bool Exact, long Count)
{
    /// <summary>Null where smoothing was not asked for.</summary>
    public SmoothedCurve? Smoothed { get; init; }

    public static Curve Empty(string name) => new(name, [], [], [], [], Exact: true, 0);
}

/// <summary>The average over all points up to where the buckets of a <see cref="Curve"/> end.</summary>
/// <param name="Values">One a bucket.</param>
/// <param name="End">Goes on with the points that follow the last bucket.</param>
public sealed record SmoothedCurve(double[] Values, Ema End);

/// <summary>
/// Reduces a series to a given number of buckets over one grid shared by all series of a chart. The x of a bucket is that
/// of its last point; empty buckets are left out. Not-a-number values are counted but neither widen nor end a bucket,
/// unless it holds nothing else.
/// </summary>
public static class CurveBuckets
{
    /// <summary>From points in rising order of x; those outside the grid are left out.</summary>
    public static Curve FromPoints(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y, BucketGrid grid) =>
        Build(x, y, y, grid).Build(name);

    /// <summary>With the average over all points, also those before the grid.</summary>
    /// <param name="smoothing">Weight of the <see cref="Ema"/>.</param>
    public static Curve FromPoints(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y, BucketGrid grid, double smoothing)
    {
        var smoothed = new double[y.Length];
        var average = new Ema(smoothing);
        for (var i = 0; i < y.Length; i++)
        {
            average = average.Next(y[i]);
            smoothed[i] = average.Value;
        }

        var curve = Build(x, y, smoothed, grid);
        return curve.Build(name) with { Smoothed = new(curve.BuildSmoothed(), average) };
    }

    private static CurveBuilder Build(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> smoothed, BucketGrid grid)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        var curve = new CurveBuilder(grid);
        for (var i = 0; i < x.Length; i++)
        {
            if (grid.Holds(x[i]))
            {
                curve.Add(x[i], y[i], y[i], y[i], 1, smoothed[i]);
            }
        }

        return curve;
    }

    /// <summary>
    /// From chunk summaries in rising order, for a grid coarser than the chunks: a chunk goes to the bucket of its last step.
    /// A chunk that reaches over an end of the grid counts whole, so that no spike is lost there.
    /// </summary>
    public static Curve FromChunks(string name, IReadOnlyList<ChunkSummary> chunks, BucketGrid grid)
    {
        var curve = new CurveBuilder(grid);
        foreach (var chunk in chunks)
        {
            if (chunk.LastStep >= grid.From && chunk.FirstStep <= grid.To)
            {
                curve.Add(Math.Min(chunk.LastStep, grid.To), chunk.Min, chunk.Max, chunk.Last, chunk.Count);
            }
        }

        return curve.Build(name);
    }

    /// <summary>From chunk summaries over an axis other than the step.</summary>
    /// <param name="x">Where the last step of each chunk lies on that axis; rising.</param>
    public static Curve FromChunks(
        string name, IReadOnlyList<ChunkSummary> chunks, ReadOnlySpan<double> x, BucketGrid grid)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, chunks.Count);
        var curve = new CurveBuilder(grid);
        for (var i = 0; i < x.Length; i++)
        {
            var chunk = chunks[i];
            var begin = i == 0 ? double.NegativeInfinity : x[i - 1];
            if (x[i] >= grid.From && begin < grid.To)
            {
                curve.Add(Math.Min(x[i], grid.To), chunk.Min, chunk.Max, chunk.Last, chunk.Count);
            }
        }

        return curve.Build(name);
    }
}
