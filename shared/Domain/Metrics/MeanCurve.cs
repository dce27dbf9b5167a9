using MaeLab.Domain.Statistics;

namespace MaeLab.Domain.Metrics;

/// <summary>Mean of several curves with its 95 % confidence interval. Arrays of equal length.</summary>
/// <param name="Low">Not-a-number where fewer than two seeds reach.</param>
/// <param name="Count">How many seeds the mean is over; it falls where some end before others.</param>
public sealed record MeanCurve(double[] X, double[] Mean, double[] Low, double[] High, int[] Count)
{
    /// <summary>
    /// At an x of every bucket in which any of the curves has a point, the mean over the seeds that reach it. Where a
    /// seed has several curves (other factors are averaged over) their mean stands for it, since they are no repetitions
    /// of each other, and only as far as all of them reach: else the mean would jump where one ends.
    /// </summary>
    /// <param name="seeds">Per seed its curves; those without points are left out.</param>
    /// <param name="valuesOf">What is averaged: the last values, or the smoothed ones.</param>
    /// <param name="buckets">As many as the curves were read with, and as wide (<paramref name="log"/>, <paramref name="steady"/>).</param>
    /// <param name="steady">See <see cref="BucketGrid.Steady"/>.</param>
    public static MeanCurve Of(IEnumerable<IEnumerable<Curve>> seeds, Func<Curve, double[]> valuesOf, int buckets, bool log = false, bool steady = false)
    {
        var lines = seeds.Select(curves => curves.Where(curve => curve.X.Length > 0).Select(curve => (curve.X, Y: valuesOf(curve))).ToList())
            .Where(curves => curves.Count > 0).ToList();
        if (lines.Count == 0)
        {
            return new([], [], [], [], []);
        }

        var all = lines.SelectMany(curves => curves).Select(curve => curve.X).ToList();
        var (from, to) = (all.Min(x => x[0]), all.Max(x => x[^1]));
        var grid = steady ? BucketGrid.Steady(from, to, buckets, log) : new(from, to, buckets, log);
        var places = all.SelectMany(x => x).GroupBy(grid.IndexOf).Select(bucket => bucket.Max()).Order();
        var points = places
            .Select(x => (X: x, Values: lines
                .Select(curves => curves.Average(curve => At(curve.X, curve.Y, x, grid)))
                .Where(double.IsFinite).ToList()))
            .Where(point => point.Values.Count > 0)
            .Select(point => (point.X, Interval: MeanInterval.Of(point.Values)))
            .ToList();
        return new(
            [.. points.Select(point => point.X)],
            [.. points.Select(point => point.Interval.Mean)],
            [.. points.Select(point => point.Interval.Low ?? double.NaN)],
            [.. points.Select(point => point.Interval.High ?? double.NaN)],
            [.. points.Select(point => point.Interval.Count)]);
    }

    /// <summary>On the line between two points; not-a-number before the first point's bucket and after the last one's.</summary>
    private static double At(double[] xs, double[] ys, double x, BucketGrid grid)
    {
        var index = Array.BinarySearch(xs, x);
        if (index >= 0)
        {
            return ys[index];
        }

        var right = ~index;
        if (right == 0 || right == xs.Length)
        {
            var end = right == 0 ? 0 : xs.Length - 1;
            return grid.IndexOf(xs[end]) == grid.IndexOf(x) ? ys[end] : double.NaN;
        }

        var way = (x - xs[right - 1]) / (xs[right] - xs[right - 1]);
        return ys[right - 1] + (way * (ys[right] - ys[right - 1]));
    }
}
