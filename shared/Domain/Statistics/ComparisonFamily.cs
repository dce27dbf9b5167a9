namespace MaeLab.Domain.Statistics;

/// <summary>Compares several sets of runs with one reference; the more there are, the more each has to show.</summary>
public static class ComparisonFamily
{
    /// <summary>Share of families in which a difference may be claimed that there is not.</summary>
    public const double Alpha = 0.05;

    /// <summary>Two pairs say next to nothing about the spread.</summary>
    private const int FewestPairs = 3;

    /// <param name="reference">Finite values by seed.</param>
    /// <param name="others">As the reference, one for each to be compared with it.</param>
    /// <returns>In the order of the others.</returns>
    public static IReadOnlyList<Comparison> Compare(
        IReadOnlyDictionary<long, double> reference, IReadOnlyList<IReadOnlyDictionary<long, double>> others)
    {
        List<double[]> differences = [.. others.Select(other => Differences(reference, other))];
        List<Comparison> alone = [.. differences.Select(pairs => Compare(pairs) with { SeedsNeeded = SeedsFor(others.Count) })];

        // Too few pairs to be tested at all, whatever they hold: such take nothing from the others.
        List<int> tested = [.. Enumerable.Range(0, alone.Count).Where(i => alone[i].Pairs >= FewestPairs)];
        var student = HolmCorrection.Adjust([.. tested.Select(i => alone[i].StudentP!.Value)]);
        var permutation = HolmCorrection.Adjust([.. tested.Select(i => alone[i].PermutationP!.Value)]);
        var reachable = HolmCorrection.Adjust([.. tested.Select(i => SignFlipTest.SmallestPValue(alone[i].Pairs))]);
        for (var t = 0; t < tested.Count; t++)
        {
            var verdict = Judge(alone[tested[t]].Difference!.Mean, permutation[t], reachable[t]);
            alone[tested[t]] = alone[tested[t]] with
            {
                StudentHolm = student[t],
                PermutationHolm = permutation[t],
                Verdict = verdict,
                SeedsNeeded = verdict == Verdict.NotEnoughSeeds ? alone[tested[t]].SeedsNeeded : null,
            };
        }

        return alone;
    }

    /// <summary>The fewest with which each of so many comparisons could be told from chance, all of them at once.</summary>
    public static int SeedsFor(int comparisons) => 1 + (int)Math.Ceiling(Math.Log2(comparisons / Alpha));

    private static double[] Differences(IReadOnlyDictionary<long, double> reference, IReadOnlyDictionary<long, double> other) =>
        [.. other.Where(value => reference.ContainsKey(value.Key)).OrderBy(value => value.Key).Select(value => value.Value - reference[value.Key])];

    private static Comparison Compare(double[] differences)
    {
        if (differences.Length == 0)
        {
            return new(0, null, null, null, null, null, null, Verdict.NotEnoughSeeds, null);
        }

        var difference = MeanInterval.Of(differences);
        return new(
            differences.Length, difference, PairedTTest.PValue(difference), null, SignFlipTest.PValue(differences), null,
            PairedTTest.Effect(difference), Verdict.NotEnoughSeeds, null);
    }

    private static Verdict Judge(double difference, double p, double reachable) =>
        reachable > Alpha ? Verdict.NotEnoughSeeds
        : p > Alpha ? Verdict.NoDifferenceShown
        : difference > 0 ? Verdict.Higher
        : Verdict.Lower;
}
