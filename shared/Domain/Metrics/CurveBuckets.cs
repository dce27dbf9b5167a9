namespace MaeLab.Domain.Metrics;

/// <summary>
/// Points of one curve as a chart draws them: per bucket smallest, largest and last value, so that no spike vanishes.
/// Arrays of equal length. Where every bucket holds one point the curve is exact and min = max = last.
/// </summary>
public sealed record Curve(string Name, double[] X, double[] Min, double[] Max, double[] Last, bool Exact, long Count)
{
    public static Curve Empty(string name) => new(name, [], [], [], [], Exact: true, 0);
}

/// <summary>Reduces a series to a given number of buckets over one grid shared by all series of a chart.</summary>
public static class CurveBuckets
{
    /// <summary>From points in rising order of x. Not-a-number values count but neither widen nor end a bucket.</summary>
    /// <param name="from">Left end of the grid, inclusive.</param>
    /// <param name="to">Right end, inclusive.</param>
    public static Curve FromPoints(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y, double from, double to, int buckets) =>
        throw new NotImplementedException();

    /// <summary>From chunk summaries, for a grid coarser than the chunks: a chunk goes to the bucket of its last step.</summary>
    public static Curve FromChunks(string name, IReadOnlyList<ChunkSummary> chunks, double from, double to, int buckets) =>
        throw new NotImplementedException();
}
