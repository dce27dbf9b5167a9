using CsCheck;
using MaeLab.Domain.Statistics;

namespace MaeLab.Domain.Tests.Statistics;

public sealed class MeanIntervalTests
{
    /// <summary>Half widths from tables of Student's t: 12.7062 (1 degree), 4.30265 (2), 2.77645 (4), 9.92484 (2, 99 %).</summary>
    [Theory]
    [InlineData(new[] { 1.0, 3 }, 0.95, 2, 1.4142135623730951, 12.706204736432095)]
    [InlineData(new[] { 1.0, 2, 3 }, 0.95, 2, 1, 2.484137711834)]
    [InlineData(new[] { 1.0, 2, 3 }, 0.99, 2, 1, 5.730109420)]
    [InlineData(new[] { 4.0, 8, 6, 5, 3 }, 0.95, 5.2, 1.9235384061671346, 2.388388)]
    public void Interval_is_that_of_students_t(double[] values, double confidence, double mean, double deviation, double half)
    {
        var interval = MeanInterval.Of(values, confidence);

        Assert.Equal(values.Length, interval.Count);
        Assert.Equal(mean, interval.Mean, tolerance: 1e-9);
        Assert.Equal(deviation, interval.StandardDeviation!.Value, tolerance: 1e-9);
        Assert.Equal(mean - half, interval.Low!.Value, tolerance: 1e-5);
        Assert.Equal(mean + half, interval.High!.Value, tolerance: 1e-5);
    }

    [Fact]
    public void One_value_has_a_mean_but_no_spread() => Assert.Equal(new(1, 0.7, null, null, null), MeanInterval.Of([0.7]));

    [Fact]
    public void Equal_values_have_an_interval_of_no_width() => Assert.Equal(new(3, 0.5, 0, 0.5, 0.5), MeanInterval.Of([0.5, 0.5, 0.5]));

    [Fact]
    public void No_value_at_all_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => MeanInterval.Of([]));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Confidence_outside_of_0_to_1_is_refused(double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MeanInterval.Of([1, 2], confidence));

    [Fact]
    public void Interval_holds_the_true_mean_in_95_of_100_samples_of_three()
    {
        // Seeded, so that the share is the same on every machine: 20,000 samples have a standard error of 0.15 %.
        var noise = new NormalNoise(20260101);
        var hits = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var interval = MeanInterval.Of([noise.Next(), noise.Next(), noise.Next()]);
            hits += interval.Low < 0 && interval.High > 0 ? 1 : 0;
        }

        Assert.InRange(hits / 20_000.0, 0.945, 0.955);
    }

    [Fact]
    public void Interval_moves_with_its_values() =>
        Gen.Double[-100, 100].Array[2, 10].Select(Gen.Double[-100, 100]).Sample((values, shift) =>
        {
            var (here, there) = (MeanInterval.Of(values), MeanInterval.Of([.. values.Select(value => value + shift)]));
            Assert.Equal(here.Mean + shift, there.Mean, tolerance: 1e-9);
            Assert.Equal(here.High!.Value - here.Low!.Value, there.High!.Value - there.Low!.Value, tolerance: 1e-6);
        });
}
