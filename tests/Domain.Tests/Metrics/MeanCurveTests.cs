using MaeLab.Domain.Metrics;
using MaeLab.Domain.Statistics;

namespace MaeLab.Domain.Tests.Metrics;

public sealed class MeanCurveTests
{
    [Fact]
    public void Band_is_the_interval_of_Student_over_the_seeds()
    {
        var mean = Of([[Line([1, 2], [1, 10])], [Line([1, 2], [2, 20])], [Line([1, 2], [3, 30])]]);

        var expected = MeanInterval.Of([10, 20, 30]);
        Assert.Equal([1, 2], mean.X);
        Assert.Equal([2, 20], mean.Mean);
        Assert.Equal(expected.Low, mean.Low[1]);
        Assert.Equal(expected.High, mean.High[1]);
        Assert.Equal([3, 3], mean.Count);
    }

    [Fact]
    public void Band_ends_where_one_seed_is_left_and_the_count_says_so()
    {
        var mean = Of([[Line([1, 2, 3], [1, 1, 1])], [Line([1, 2], [3, 3])], [Line([1], [5])]]);

        Assert.Equal([3, 2, 1], mean.Count);
        Assert.Equal([3, 2, 1], mean.Mean);
        Assert.Equal([false, false, true], mean.Low.Select(double.IsNaN));
        Assert.Equal([false, false, true], mean.High.Select(double.IsNaN));
    }

    [Fact]
    public void Curves_of_one_seed_count_once_and_only_as_far_as_all_of_them_reach()
    {
        var mean = Of([[Line([1, 2], [1, 1]), Line([1], [3])], [Line([1, 2], [4, 4])]]);

        Assert.Equal([3, 4], mean.Mean);
        Assert.Equal([2, 1], mean.Count);
    }

    [Fact]
    public void Between_its_points_a_curve_runs_straight()
    {
        var mean = Of([[Line([0, 10], [0, 10])], [Line([0, 5, 10], [0, 7, 10])]]);

        Assert.Equal([0, 5, 10], mean.X);
        Assert.Equal([0, 6, 10], mean.Mean);
    }

    [Fact]
    public void Points_of_one_bucket_are_drawn_at_one_place()
    {
        var mean = Of([[Line([0, 100], [1, 1])], [Line([0, 99.99], [3, 3])]], buckets: 10);

        Assert.Equal([0, 100], mean.X);
        Assert.Equal([2, 2], mean.Count);
    }

    [Fact]
    public void Value_that_is_no_number_leaves_its_seed_out_there()
    {
        var mean = Of([[Line([1, 2], [1, double.NaN])], [Line([1, 2], [3, 3])]]);

        Assert.Equal([2, 3], mean.Mean);
        Assert.Equal([2, 1], mean.Count);
    }

    [Fact]
    public void Nothing_is_the_mean_of_nothing() => Assert.Empty(Of([[Curve.Empty("s")], []]).X);

    private static MeanCurve Of(Curve[][] seeds, int buckets = 600) => MeanCurve.Of(seeds, curve => curve.Last, buckets);

    private static Curve Line(double[] x, double[] y) => new("s", x, y, y, y, Exact: true, x.Length);
}
