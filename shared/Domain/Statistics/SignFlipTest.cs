namespace MaeLab.Domain.Statistics;

/// <summary>
/// The exact permutation test of paired differences (Fisher, The Design of Experiments, 1935, section 21): if the two sides
/// do not differ, each difference might as well have had the other sign. p is the share of all signs whose mean lies as far
/// from zero as the one found. It assumes nothing of how the differences are distributed.
/// </summary>
public static class SignFlipTest
{
    /// <summary>With more pairs the 2^n signs are drawn at random instead of enumerated.</summary>
    public const int MaxExactPairs = 20;

    private const int Draws = 99_999;

    // Fixed, so that the same differences always have the same p.
    private const int Seed = 20_260_101;

    private const int BitsADraw = 62;

    /// <summary>Sums that differ by less than this share of the largest are equal but for rounding.</summary>
    private const double Rounding = 1e-12;

    /// <summary>What p cannot fall below with so many pairs, however large their differences.</summary>
    public static double SmallestPValue(int pairs) => pairs <= MaxExactPairs ? Math.Min(1, Math.ScaleB(1, 1 - pairs)) : 1.0 / (Draws + 1);

    /// <param name="differences">Finite, at least one.</param>
    /// <returns>Two-sided.</returns>
    public static double PValue(IReadOnlyCollection<double> differences)
    {
        ArgumentOutOfRangeException.ThrowIfZero(differences.Count, nameof(differences));
        double[] sizes = [.. differences.Select(Math.Abs).OrderDescending()];
        var asFar = Math.Abs(differences.Sum()) - (Rounding * sizes.Sum());
        return sizes.Length <= MaxExactPairs ? Exact(sizes, asFar) : Drawn(sizes, asFar);
    }

    private static double Exact(double[] sizes, double asFar)
    {
        var left = new double[sizes.Length + 1];
        for (var i = sizes.Length - 1; i >= 0; i--)
        {
            left[i] = left[i + 1] + sizes[i];
        }

        // The first may keep its sign: the signs with it turned are the same ones seen from the other side.
        return Math.ScaleB(CountAsFar(sizes.AsSpan(1), left.AsSpan(1), sizes[0], asFar), 1 - sizes.Length);
    }

    /// <summary>How many signs of the rest bring the sum as far from zero; largest first, most branches are decided early.</summary>
    /// <param name="left">Sum of the rest from each on; one longer than the rest.</param>
    private static long CountAsFar(ReadOnlySpan<double> rest, ReadOnlySpan<double> left, double sum, double asFar)
    {
        if (Math.Abs(sum) - left[0] >= asFar)
        {
            return 1L << rest.Length;
        }

        return Math.Abs(sum) + left[0] < asFar
            ? 0
            : CountAsFar(rest[1..], left[1..], sum + rest[0], asFar) + CountAsFar(rest[1..], left[1..], sum - rest[0], asFar);
    }

    /// <summary>The signs found count as one draw, else p could be zero, which no test can show (Phipson and Smyth, 2010).</summary>
    private static double Drawn(double[] sizes, double asFar)
    {
        var random = new Random(Seed);
        var found = 1;
        for (var draw = 0; draw < Draws; draw++)
        {
            var (sum, bits) = (0.0, 0L);
            for (var i = 0; i < sizes.Length; i++, bits >>= 1)
            {
                bits = i % BitsADraw == 0 ? random.NextInt64() : bits;
                sum += (bits & 1) == 0 ? sizes[i] : -sizes[i];
            }

            found += Math.Abs(sum) >= asFar ? 1 : 0;
        }

        return found / (Draws + 1.0);
    }
}
