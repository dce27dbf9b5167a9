using CsCheck;
using MaeLab.Domain.Metrics;

namespace MaeLab.Domain.Tests.Metrics;

public sealed class EmaTests
{
    private static readonly Gen<double> s_weight = Gen.Double[0, Ema.MaxWeight];
    private static readonly Gen<double[]> s_values = Gen.Double[-1e3, 1e3].Array[1, 200];

    [Fact]
    public void First_value_is_kept_whatever_the_weight() => Assert.Equal(7, new Ema(0.999).Next(7).Value, 1e-9);

    [Fact]
    public void Value_is_as_worked_out_by_hand() =>
        // (0.5 x 4 + 1 x 8) / (0.5 + 1), as the newest counts once and the one before half.
        Assert.Equal(20 / 3.0, new Ema(0.5).Next(4).Next(8).Value, 1e-12);

    [Fact]
    public void Without_weight_nothing_is_smoothed() => s_values.Sample(values => Assert.Equal(values[^1], Smooth(values, 0).Value));

    [Fact]
    public void Constant_stays_itself_from_the_first_value_on() => s_weight.Select(Gen.Int[1, 200]).Sample((weight, count) =>
        Assert.Equal(3.5, Smooth(Enumerable.Repeat(3.5, count), weight).Value, 1e-9));

    [Fact]
    public void Average_is_the_mean_with_weights_that_fall_with_age() => s_values.Select(s_weight).Sample((values, weight) =>
    {
        var weights = values.Select((_, i) => Math.Pow(weight, values.Length - 1 - i)).ToList();
        var expected = values.Zip(weights, (value, own) => value * own).Sum() / weights.Sum();

        Assert.Equal(expected, Smooth(values, weight).Value, 1e-6);
    });

    [Fact]
    public void Values_that_are_no_numbers_change_nothing()
    {
        var average = Smooth([1, 2, 4], 0.9);

        Assert.Equal(average, average.Next(double.NaN).Next(double.PositiveInfinity));
        Assert.Equal(double.NaN, new Ema(0.9).Next(double.NaN).Value);
    }

    [Fact]
    public void Buckets_show_the_average_over_all_points_however_few_are_drawn() =>
        s_values.Select(s_weight, Gen.Int[1, 50]).Sample((values, weight, buckets) =>
        {
            var x = Enumerable.Range(1, values.Length).Select(i => (double)i).ToArray();
            var curve = CurveBuckets.FromPoints("s", x, values, new(1, values.Length, buckets), weight);

            Assert.Equal(curve.X.Select(at => Smooth(values.Take((int)at), weight).Value), curve.Smoothed!.Values);
            Assert.Equal(Smooth(values, weight), curve.Smoothed.End);
        });

    [Fact]
    public void Stretch_shows_the_average_that_the_whole_has_there()
    {
        double[] x = [1, 2, 3, 4];
        double[] y = [8, 4, 2, 1];

        var whole = CurveBuckets.FromPoints("s", x, y, new(1, 4, 100), 0.9).Smoothed!.Values;
        var stretch = CurveBuckets.FromPoints("s", x, y, new(3, 4, 100), 0.9).Smoothed!.Values;

        Assert.Equal(whole[2..], stretch);
    }

    private static Ema Smooth(IEnumerable<double> values, double weight) => values.Aggregate(new Ema(weight), (average, value) => average.Next(value));
}
