namespace MaeLab.Domain.Statistics;

/// <summary>
/// p-values of a family of tests made so large that at most a share alpha of such families holds a false rejection
/// (Holm, 1979): whoever looks at twenty cells finds one below 0.05 by chance.
/// </summary>
public static class HolmCorrection
{
    /// <returns>In the order given.</returns>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        foreach (var (rank, index) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Index())
        {
            // None may fall below one that was smaller before.
            largest = Math.Max(largest, Math.Min(1, (pValues.Count - rank) * pValues[index]));
            adjusted[index] = largest;
        }

        return adjusted;
    }
}
