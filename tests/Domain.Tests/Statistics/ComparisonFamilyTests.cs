using CsCheck;
using MaeLab.Domain.Statistics;

namespace MaeLab.Domain.Tests.Statistics;

public sealed class ComparisonFamilyTests
{
    /// <summary>As R's <c>p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")</c>.</summary>
    [Fact]
    public void Holm_corrects_as_r_does() =>
        Assert.Equal([0.03, 0.06, 0.06, 0.02], HolmCorrection.Adjust([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));

    [Fact]
    public void Holm_lies_between_the_plain_p_and_bonferronis_and_keeps_the_order() =>
        Gen.Double[0, 1].Array[1, 20].Sample(pValues =>
        {
            var adjusted = HolmCorrection.Adjust(pValues);
            Assert.All(pValues.Zip(adjusted), pair => Assert.InRange(pair.Second, pair.First, Math.Min(1, pair.First * pValues.Length) + 1e-12));
            var order = Enumerable.Range(0, pValues.Length).OrderBy(i => pValues[i]).Select(i => adjusted[i]).ToList();
            Assert.Equal(order.Order(), order);
        });

    [Fact]
    public void Runs_are_paired_by_their_seeds_and_not_by_their_order()
    {
        // Seeds differ by ten, the two sides by one in each of six seeds.
        var reference = Values((0, 10), (1, 20), (2, 30), (3, 40), (4, 50), (5, 60), (6, 99));
        var other = Values((5, 61.1), (4, 51), (3, 40.9), (2, 31), (1, 21), (0, 11), (7, -99));

        var comparison = Assert.Single(ComparisonFamily.Compare(reference, [other]));

        Assert.Equal((6, Verdict.Higher), (comparison.Pairs, comparison.Verdict));
        Assert.Equal(1, comparison.Difference!.Mean, tolerance: 1e-12);
        Assert.Equal(1.0 / 32, comparison.PermutationP);
    }

    [Theory]
    [InlineData(2, 1, Verdict.NotEnoughSeeds, 6)]
    [InlineData(5, 1, Verdict.NotEnoughSeeds, 6)]
    [InlineData(6, 1, Verdict.Lower, null)]
    [InlineData(6, 2, Verdict.NotEnoughSeeds, 7)]
    [InlineData(7, 2, Verdict.Lower, null)]
    [InlineData(8, 8, Verdict.NotEnoughSeeds, 9)]
    public void Too_few_seeds_for_any_verdict_are_said_with_how_many_it_takes(int seeds, int cells, Verdict verdict, int? needed)
    {
        var reference = Values([.. Enumerable.Range(0, seeds).Select(seed => ((long)seed, 1.0))]);
        var others = Enumerable.Repeat(Values([.. Enumerable.Range(0, seeds).Select(seed => ((long)seed, 0.5 - (0.01 * seed)))]), cells).ToList();

        Assert.All(ComparisonFamily.Compare(reference, others), comparison => Assert.Equal((verdict, needed), (comparison.Verdict, comparison.SeedsNeeded)));
    }

    [Fact]
    public void Differences_of_both_signs_show_nothing()
    {
        var reference = Values([.. Enumerable.Range(0, 8).Select(seed => ((long)seed, 0.0))]);
        var other = Values([.. Enumerable.Range(0, 8).Select(seed => ((long)seed, seed % 2 == 0 ? 1.0 : -0.9))]);

        Assert.Equal((Verdict.NoDifferenceShown, (int?)null), Said(Assert.Single(ComparisonFamily.Compare(reference, [other]))));
        static (Verdict, int?) Said(Comparison comparison) => (comparison.Verdict, comparison.SeedsNeeded);
    }

    [Fact]
    public void Cell_without_a_common_seed_has_no_numbers_and_takes_nothing_from_the_others()
    {
        var reference = Values([.. Enumerable.Range(0, 6).Select(seed => ((long)seed, 0.0))]);
        var better = Values([.. Enumerable.Range(0, 6).Select(seed => ((long)seed, 1.0 + seed))]);

        var comparisons = ComparisonFamily.Compare(reference, [better, Values((9, 1)), Values()]);

        Assert.Equal((Verdict.Higher, 1.0 / 32), (comparisons[0].Verdict, comparisons[0].PermutationHolm));
        Assert.All(comparisons.Skip(1), none => Assert.Equal((0, null, null, 7), (none.Pairs, none.Difference, none.PermutationP, none.SeedsNeeded)));
    }

    /// <summary>Equal means, normal noise: no family of tests may claim a difference more often than alpha, and one test about as often.</summary>
    [Theory]
    [InlineData(1, 10)]
    [InlineData(5, 10)]
    public void False_claims_are_as_rare_as_promised(int cells, int seeds)
    {
        const int families = 4_000;
        var noise = new NormalNoise(20260102);
        var (claims, byStudent, uncorrected) = (0, 0, 0);
        for (var family = 0; family < families; family++)
        {
            var comparisons = ComparisonFamily.Compare(noise.BySeed(seeds), [.. Enumerable.Range(0, cells).Select(_ => noise.BySeed(seeds))]);
            claims += comparisons.Any(comparison => comparison.Verdict is Verdict.Higher or Verdict.Lower) ? 1 : 0;
            byStudent += comparisons.Any(comparison => comparison.StudentHolm <= ComparisonFamily.Alpha) ? 1 : 0;
            uncorrected += comparisons.Any(comparison => comparison.StudentP <= ComparisonFamily.Alpha) ? 1 : 0;
        }

        // Three standard errors of a share of 5 % among so many.
        var margin = 3 * Math.Sqrt(0.05 * 0.95 / families);
        Assert.InRange((double)claims / families, cells == 1 ? 0.05 - margin : 0.01, 0.05 + margin);
        Assert.InRange((double)byStudent / families, cells == 1 ? 0.05 - margin : 0.01, 0.05 + margin);
        // Without Holm's correction five cells would claim something far more often.
        Assert.Equal(cells > 1, (double)uncorrected / families > 0.05 + margin);
    }

    private static Dictionary<long, double> Values(params (long Seed, double Value)[] values) => values.ToDictionary(value => value.Seed, value => value.Value);
}
