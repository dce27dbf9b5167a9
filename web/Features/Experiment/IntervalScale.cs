using MaeLab.Domain.Statistics;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The line that some means are drawn on, each with its interval.</summary>
public sealed record IntervalScale(double Min, double Max)
{
    /// <summary>An interval may reach so far beyond the means, in their own range, before it is cut: with two seeds it dwarfs everything.</summary>
    private const double MaxReach = 1.5;

    /// <param name="also">Another value that must be on the line.</param>
    public static IntervalScale Of(IEnumerable<MeanInterval> intervals, double? also = null)
    {
        var all = intervals.ToList();
        var means = all.Select(interval => interval.Mean).Concat(also is { } value ? [value] : []).DefaultIfEmpty().ToList();
        var (low, high) = (means.Min(), means.Max());
        var reach = high > low ? (high - low) * MaxReach : double.PositiveInfinity;
        var from = Math.Max(low - reach, all.Min(interval => interval.Low) is { } lowest ? Math.Min(lowest, low) : low);
        var to = Math.Min(high + reach, all.Max(interval => interval.High) is { } highest ? Math.Max(highest, high) : high);
        var margin = to > from ? (to - from) * 0.04 : 1;
        return new(from - margin, to + margin);
    }

    public bool Holds(double value) => value >= Min && value <= Max;

    /// <summary>Place on the line in percent; beyond its ends at the ends.</summary>
    public double Percent(double value) => Math.Clamp((value - Min) / (Max - Min), 0, 1) * 100;
}
