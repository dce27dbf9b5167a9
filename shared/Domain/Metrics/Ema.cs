namespace MaeLab.Domain.Metrics;

/// <summary>
/// Exponential moving average with bias correction (Kingma and Ba 2015, section 3): the mean of all values so far, one
/// that is n values old counting <c>Weight^n</c> as much as the newest. Without the correction it would begin at zero.
/// Values that are not finite leave it as it is. It depends on the values alone, so that it is the same however few of
/// them are drawn, and goes on with those that come later.
/// </summary>
/// <param name="Weight">0 (no smoothing) up to, not including, 1.</param>
/// <param name="Sum">Of the values, weighted.</param>
/// <param name="Total">Of the weights: 1 - Weight^n after n values.</param>
public readonly record struct Ema(double Weight, double Sum = 0, double Total = 0)
{
    public const double MaxWeight = 0.999;

    /// <summary>Not-a-number before the first finite value.</summary>
    public double Value => Total > 0 ? Sum / Total : double.NaN;

    public Ema Next(double value) => double.IsFinite(value)
        ? this with { Sum = (Weight * Sum) + ((1 - Weight) * value), Total = (Weight * Total) + (1 - Weight) }
        : this;
}
