using CsCheck;
using MaeLab.Domain.Metrics;

namespace MaeLab.Domain.Tests.Metrics;

public sealed class CurveBucketsTests
{
    private static readonly Gen<double> s_value = Gen.OneOf(Gen.Double[-1e6, 1e6], Gen.Double[-1e6, 1e6], Gen.Bool.Select(flag => flag ? double.NaN : double.PositiveInfinity));

    /// <summary>Rising x with uneven gaps, and values some of which are no numbers.</summary>
    private static readonly Gen<(double[] X, double[] Y)> s_series = Gen.Select(Gen.Int[1, 50], s_value).Array[1, 300].Select(points =>
    {
        var x = 0.0;
        return (points.Select(point => x += point.Item1).ToArray(), points.Select(point => point.Item2).ToArray());
    });

    [Fact]
    public void Few_points_are_kept_exactly()
    {
        var curve = CurveBuckets.FromPoints("train/loss", [0, 10, 20, 30], [4, 3, 2, 1], new(0, 30, 4));

        Assert.True(curve.Exact);
        Assert.Equal(4, curve.Count);
        Assert.Equal([0, 10, 20, 30], curve.X);
        Assert.Equal([4, 3, 2, 1], curve.Last);
        Assert.Equal(curve.Last, curve.Min);
        Assert.Equal(curve.Last, curve.Max);
    }

    [Fact]
    public void Bucket_has_smallest_largest_and_last_value_at_the_last_x()
    {
        var curve = CurveBuckets.FromPoints("s", [0, 1, 2, 3, 4, 5], [5, 9, 1, 4, 7, 6], new(0, 6, 2));

        Assert.False(curve.Exact);
        Assert.Equal([2, 5], curve.X);
        Assert.Equal([1, 4], curve.Min);
        Assert.Equal([9, 7], curve.Max);
        Assert.Equal([1, 6], curve.Last);
    }

    [Fact]
    public void Empty_buckets_are_left_out() =>
        Assert.Equal([0, 99], CurveBuckets.FromPoints("s", [0, 99], [1, 2], new(0, 100, 10)).X);

    [Fact]
    public void Points_outside_of_the_grid_are_left_out()
    {
        var curve = CurveBuckets.FromPoints("s", [0, 1, 2, 3], [9, 1, 2, 9], new(1, 2, 10));

        Assert.Equal([1, 2], curve.X);
        Assert.Equal(2, curve.Count);
    }

    [Fact]
    public void Not_a_number_is_counted_and_changes_nothing_else()
    {
        var curve = CurveBuckets.FromPoints("s", [0, 1, 2, 3], [double.NaN, 2, 1, double.NaN], new(0, 3, 1));

        Assert.Equal(4, curve.Count);
        Assert.Equal((2.0, 1.0, 2.0, 1.0), (curve.X[0], curve.Min[0], curve.Max[0], curve.Last[0]));
    }

    [Fact]
    public void Bucket_of_nothing_but_not_a_number_shows_a_gap() =>
        Assert.Equal([double.NaN], CurveBuckets.FromPoints("s", [0, 1], [double.NaN, double.NaN], new(0, 1, 1)).Last);

    [Fact]
    public void Grid_of_no_width_has_one_bucket() =>
        Assert.Equal([7], CurveBuckets.FromPoints("s", [7], [1], new(7, 7, 100)).X);

    [Fact]
    public void No_points_make_an_empty_curve() =>
        Assert.Equivalent(Curve.Empty("s"), CurveBuckets.FromPoints("s", [], [], new(0, 1, 5)), strict: true);

    [Fact]
    public void Less_than_one_bucket_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CurveBuckets.FromPoints("s", [0], [0], new(0, 1, 0)));

    [Fact]
    public void Smallest_and_largest_value_survive_any_number_of_buckets() =>
        s_series.Select(Gen.Int[1, 500]).Sample((series, buckets) =>
        {
            var curve = CurveBuckets.FromPoints("s", series.X, series.Y, new(0, series.X[^1], buckets));
            var numbers = series.Y.Where(value => !double.IsNaN(value)).ToList();
            Assert.Equal(series.X.Length, curve.Count);
            Assert.Equal(numbers.Count == 0 ? double.NaN : numbers.Min(), curve.Min.Aggregate(double.NaN, double.MinNumber));
            Assert.Equal(numbers.Count == 0 ? double.NaN : numbers.Max(), curve.Max.Aggregate(double.NaN, double.MaxNumber));
        });

    [Fact]
    public void Order_rises_and_last_lies_within_the_band() =>
        s_series.Select(Gen.Int[1, 500]).Sample((series, buckets) =>
        {
            var curve = CurveBuckets.FromPoints("s", series.X, series.Y, new(0, series.X[^1], buckets));
            Assert.InRange(curve.X.Length, 1, buckets);
            Assert.Equal([curve.X.Length, curve.X.Length, curve.X.Length], new[] { curve.Min.Length, curve.Max.Length, curve.Last.Length });
            for (var i = 0; i < curve.X.Length; i++)
            {
                Assert.True(i == 0 || curve.X[i - 1] < curve.X[i]);
                Assert.True(double.IsNaN(curve.Last[i]) || (curve.Min[i] <= curve.Last[i] && curve.Last[i] <= curve.Max[i]));
            }
        });

    [Fact]
    public void Exact_curve_is_the_series_itself() =>
        s_series.Select(Gen.Int[1, 20_000]).Sample((series, buckets) =>
        {
            var curve = CurveBuckets.FromPoints("s", series.X, series.Y, new(0, series.X[^1], buckets));
            Assert.Equal(curve.Exact, curve.X.Length == series.X.Length);
            if (curve.Exact)
            {
                Assert.Equal(series.X, curve.X);
                Assert.All([curve.Min, curve.Max, curve.Last], values => Assert.Equal(series.Y, values));
            }
        });

    [Fact]
    public void Two_series_of_one_chart_share_the_grid() =>
        s_series.Select(s_series, Gen.Int[1, 100]).Sample((first, second, buckets) =>
        {
            // What lies in one bucket for one series does so for the other: each x of the second finds at most one bucket.
            var to = Math.Max(first.X[^1], second.X[^1]);
            int BucketOf(double x) => Math.Min(buckets - 1, (int)(x / to * buckets));
            foreach (var (x, y) in new[] { first, second })
            {
                var curve = CurveBuckets.FromPoints("s", x, y, new(0, to, buckets));
                Assert.Equal(x.Select(BucketOf).Distinct(), curve.X.Select(BucketOf));
            }
        });

    [Fact]
    public void Chunks_keep_the_extremes_of_their_points() =>
        s_series.Select(Gen.Int[1, 64], Gen.Int[1, 50]).Sample((series, chunkSize, buckets) =>
        {
            var chunks = series.X.Zip(series.Y).Chunk(chunkSize).Select(Summarise).ToList();
            var curve = CurveBuckets.FromChunks("s", chunks, new(0, series.X[^1], buckets));
            Assert.Equal(series.X.Length, curve.Count);
            Assert.Equal(series.Y.Aggregate(double.NaN, double.MinNumber), curve.Min.Aggregate(double.NaN, double.MinNumber));
            Assert.Equal(series.Y.Aggregate(double.NaN, double.MaxNumber), curve.Max.Aggregate(double.NaN, double.MaxNumber));
            Assert.Equal(chunkSize == 1 && curve.X.Length == series.X.Length, curve.Exact && chunkSize == 1);
            Assert.True(chunkSize == 1 || series.X.Length == 1 || !curve.Exact);
        });

    [Fact]
    public void Chunk_over_an_end_of_the_grid_counts_whole_within_it()
    {
        var curve = CurveBuckets.FromChunks("s", [new(0, 99, 100, 0, 1, 8, 2), new(100, 199, 100, 0, 3, 9, 4), new(200, 299, 100, 0, 0, 99, 5)], new(50, 150, 2));

        Assert.Equal([99, 150], curve.X);
        Assert.Equal([8, 9], curve.Max);
        Assert.Equal(200, curve.Count);
    }

    private static ChunkSummary Summarise((double X, double Y)[] points) => new(
        (long)points[0].X, (long)points[^1].X, points.Length, points.Count(point => double.IsNaN(point.Y)),
        points.Select(point => point.Y).Aggregate(double.NaN, double.MinNumber),
        points.Select(point => point.Y).Aggregate(double.NaN, double.MaxNumber),
        points[^1].Y);
}
