using CsCheck;
using MaeLab.Domain.Statistics;

namespace MaeLab.Domain.Tests.Statistics;

public sealed class PairedTestTests
{
    /// <summary>
    /// Darwin's maize: crossed less self-fertilised plants in eighths of an inch. Fisher (1935, section 21) counted 1,726 of
    /// the 32,768 signs as far from zero; his t is 2.148, two-sided p 0.0497.
    /// </summary>
    private static readonly double[] s_maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

    /// <summary>
    /// R's data set sleep, group 2 less group 1. <c>t.test(..., paired = TRUE)</c> documents t = 4.0621, df = 9, p = 0.002833,
    /// interval 0.7001142 to 2.4598858. One is zero and none negative: 4 of 1,024 signs are as far.
    /// </summary>
    private static readonly double[] s_sleep = [1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4];

    public static TheoryData<double[], double, double> Known => new()
    {
        { s_maize, 0.049702944, 1726.0 / 32768 },
        { s_sleep, 0.002832890, 4.0 / 1024 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void P_values_are_those_of_the_literature(double[] differences, double student, double permutation)
    {
        Assert.Equal(student, PairedTTest.PValue(MeanInterval.Of(differences))!.Value, tolerance: 1e-9);
        Assert.Equal(permutation, SignFlipTest.PValue(differences));
    }

    [Fact]
    public void Interval_of_the_difference_is_that_of_r()
    {
        var difference = MeanInterval.Of(s_sleep);

        Assert.Equal(0.7001142, difference.Low!.Value, tolerance: 1e-7);
        Assert.Equal(2.4598858, difference.High!.Value, tolerance: 1e-7);
    }

    /// <summary>Hedges (1981): gamma(m/2) / (sqrt(m/2) gamma((m-1)/2)) for m degrees of freedom, by Python's math.gamma.</summary>
    [Theory]
    [InlineData(2, 0.56419)]
    [InlineData(3, 0.72360)]
    [InlineData(10, 0.92275)]
    [InlineData(50, 0.98491)]
    public void Effect_is_corrected_for_few_pairs(int degrees, double correction)
    {
        // Alternating differences of mean 1 and a known spread.
        double[] differences = [.. Enumerable.Range(0, degrees + 1).Select(i => i % 2 == 0 ? 0.0 : 2.0)];
        var difference = MeanInterval.Of(differences);

        Assert.Equal(correction, PairedTTest.Effect(difference)!.Value * difference.StandardDeviation!.Value / difference.Mean, tolerance: 5e-6);
    }

    [Fact]
    public void Differences_without_a_spread_have_no_effect_size()
    {
        // 0.1 is no double, so that their computed spread is not exactly zero.
        var difference = MeanInterval.Of([0.8 - 0.7, 0.7 - 0.6, 0.6 - 0.5, 0.5 - 0.4]);

        Assert.Null(PairedTTest.Effect(difference));
        Assert.Equal(0, PairedTTest.PValue(difference));
        Assert.Equal(1, PairedTTest.PValue(MeanInterval.Of([0.0, 0, 0])));
        Assert.Null(PairedTTest.PValue(MeanInterval.Of([0.1])));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 0.25)]
    [InlineData(5, 0.0625)]
    [InlineData(6, 0.03125)]
    [InlineData(20, 1.0 / (1 << 19))]
    [InlineData(21, 0.00001)]
    public void Smallest_p_is_reached_where_all_differences_have_one_sign(int pairs, double smallest)
    {
        double[] differences = [.. Enumerable.Range(0, pairs).Select(i => 1 + (0.01 * i))];

        Assert.Equal(smallest, SignFlipTest.PValue(differences), tolerance: 1e-15);
        Assert.Equal(smallest, SignFlipTest.SmallestPValue(pairs), tolerance: 1e-15);
    }

    [Fact]
    public void P_of_the_sign_flips_is_the_share_of_all_signs() =>
        Gen.Int[-9, 9].Array[1, 9].Sample(values =>
        {
            // Small integers: many sums are equal, and exactly so.
            var signs = 1 << values.Length;
            var asFar = Enumerable.Range(0, signs).Count(bits =>
                Math.Abs(values.Select((value, i) => (bits >> i & 1) == 0 ? value : -value).Sum()) >= Math.Abs(values.Sum()));

            Assert.Equal((double)asFar / signs, SignFlipTest.PValue([.. values.Select(value => value / 10.0)]), tolerance: 1e-12);
        });

    [Fact]
    public void Drawn_signs_come_close_to_all_signs()
    {
        // The maize twice over is too many to enumerate here; counted by the distribution of its integer sums the share is
        // 0.0051235, of which 99,999 draws have a standard error of 0.00023.
        double[] twice = [.. s_maize, .. s_maize];

        var p = SignFlipTest.PValue(twice);

        Assert.Equal(p, SignFlipTest.PValue(twice));
        Assert.Equal(0.0051235, p, tolerance: 0.0007);
    }
}
