namespace MaeLab.Domain.Statistics;

/// <summary>Runs against those of a reference, paired by seed: two runs of one seed see the same images in the same order.</summary>
/// <param name="Difference">Mean over the pairs, the reference's value taken off, with its 95 % interval; null without a pair.</param>
/// <param name="StudentP">Of the paired t-test, two-sided; null for fewer than two pairs.</param>
/// <param name="StudentHolm">The same after Holm's correction over the family; null for fewer than three pairs.</param>
/// <param name="PermutationP">Of the sign-flip permutation test, two-sided; null without a pair.</param>
/// <param name="PermutationHolm">After Holm's correction; what the verdict is by. Null for fewer than three pairs.</param>
/// <param name="Effect">Cohen's d_z with Hedges' correction; null for fewer than three pairs or differences without a spread.</param>
/// <param name="SeedsNeeded">With <see cref="Verdict.NotEnoughSeeds"/>: how many a verdict takes; else null.</param>
public sealed record Comparison(
    int Pairs, MeanInterval? Difference, double? StudentP, double? StudentHolm, double? PermutationP, double? PermutationHolm, double? Effect,
    Verdict Verdict, int? SeedsNeeded);
