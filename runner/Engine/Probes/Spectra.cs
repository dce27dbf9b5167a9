namespace MaeLab.Engine.Probes;

/// <summary>What singular values, largest first, say of a matrix's rank.</summary>
internal static class Spectra
{
    /// <summary>
    /// Effective rank (Roy, Vetterli 2007): exp(-sum p ln p) with p = s / sum s. 1 for a matrix of rank one, n for one whose n
    /// singular values are equal, 0 for the zero matrix.
    /// </summary>
    public static double EffectiveRank(ReadOnlySpan<double> singular)
    {
        double sum = 0, entropy = 0;
        foreach (var value in singular)
        {
            sum += value;
        }

        foreach (var value in singular)
        {
            // p ln p tends to 0 with p.
            entropy -= value > 0 ? value / sum * Math.Log(value / sum) : 0;
        }

        return sum > 0 ? Math.Exp(entropy) : 0;
    }

    /// <summary>The least number of directions that hold a share of the energy sum s^2; 0 for the zero matrix.</summary>
    public static int Rank(ReadOnlySpan<double> singular, double share)
    {
        double total = 0, held = 0;
        foreach (var value in singular)
        {
            total += value * value;
        }

        var rank = 0;
        while (rank < singular.Length && held < share * total)
        {
            held += singular[rank] * singular[rank];
            rank++;
        }

        return rank;
    }
}
