using MathNet.Numerics.Distributions;

namespace MaeLab.Domain.Statistics;

/// <summary>Mean over seeds with its two-sided confidence interval from Student's t (not the normal 1.96: with 3 seeds that is half as wide as it must be).</summary>
/// <param name="StandardDeviation">Unbiased (n - 1); null for fewer than two values.</param>
/// <param name="Low">Null for fewer than two values: one run says nothing about the spread.</param>
public sealed record MeanInterval(int Count, double Mean, double? StandardDeviation, double? Low, double? High)
{
    /// <param name="values">At least one. A value that is not finite makes the mean and the interval not-a-number or infinite as well.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    public static MeanInterval Of(IReadOnlyCollection<double> values, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        if (!(confidence is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Confidence lies between 0 and 1.");
        }

        var mean = values.Average();
        if (values.Count == 1)
        {
            return new(1, mean, null, null, null);
        }

        var degrees = values.Count - 1;
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / degrees);
        var half = StudentT.InvCDF(location: 0, scale: 1, freedom: degrees, p: (1 + confidence) / 2) * deviation / Math.Sqrt(values.Count);
        return new(values.Count, mean, deviation, mean - half, mean + half);
    }
}
