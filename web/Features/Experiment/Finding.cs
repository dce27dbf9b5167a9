using MaeLab.Domain.Statistics;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>A <see cref="Verdict"/> in the terms of a metric.</summary>
public enum Finding
{
    NotEnoughSeeds,
    NoDifferenceShown,
    Better,
    Worse,

    /// <summary>Told apart, but by a metric of which neither more nor less is better, or that does not measure the same in both.</summary>
    Higher,
    Lower,
}

/// <summary>Findings as one speaks of them.</summary>
public static class Findings
{
    /// <param name="fields">Factors in which the two sides differ.</param>
    public static Finding Of(Verdict verdict, IEnumerable<string> fields, string metric) => (verdict, Comparability.IsRanked(fields, metric)) switch
    {
        (Verdict.NotEnoughSeeds, _) => Finding.NotEnoughSeeds,
        (Verdict.NoDifferenceShown, _) => Finding.NoDifferenceShown,
        (Verdict.Higher, false) => Finding.Higher,
        (Verdict.Lower, false) => Finding.Lower,
        (Verdict.Higher or Verdict.Lower, true) =>
            verdict == Verdict.Higher == (MetricInfo.Of(metric).Better == BetterWhen.Higher) ? Finding.Better : Finding.Worse,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Unknown verdict."),
    };

    public static string Words(Finding finding) => finding switch
    {
        Finding.NotEnoughSeeds => "not enough seeds",
        Finding.NoDifferenceShown => "no difference shown",
        _ => EnumWord.Of(finding),
    };

    public static bool IsShown(Finding finding) => finding is not (Finding.NotEnoughSeeds or Finding.NoDifferenceShown);
}
