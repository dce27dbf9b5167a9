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
        double[] sizes = [.. differences.Select(Math.Abs)];
        var asFar = Math.Abs(differences.Sum()) - (Rounding * sizes.Sum());
        return sizes.Length <= MaxExactPairs ? Exact(sizes, asFar) : Drawn(sizes, asFar);
    }

    /// <summary>All signs of either half by themselves, sorted: which pairs of their sums lie as far is then counted without forming them.</summary>
    private static double Exact(ReadOnlySpan<double> sizes, double asFar)
    {
        if (asFar <= 0)
        {
            return 1;
        }

        var (left, right) = (SortedSums(sizes[..(sizes.Length / 2)]), SortedSums(sizes[(sizes.Length / 2)..]));
        var (above, first) = (0L, right.Length);
        foreach (var sum in left)
        {
            while (first > 0 && sum + right[first - 1] >= asFar)
            {
                first--;
            }

            above += right.Length - first;
        }

        // Every choice of signs has its opposite, so that as many sums lie as far below zero.
        return Math.ScaleB(above, 1 - sizes.Length);
    }

    private static double[] SortedSums(ReadOnlySpan<double> sizes)
    {
        double[] sums = [0];
        foreach (var size in sizes)
        {
            sums = [.. sums.Select(sum => sum - size), .. sums.Select(sum => sum + size)];
        }

        Array.Sort(sums);
        return sums;
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
