namespace MaeLab.Domain.Statistics;

/// <summary>Mean over seeds with its two-sided confidence interval from Student's t (not the normal 1.96: with 3 seeds that is half as wide as it must be).</summary>
/// <param name="StandardDeviation">Unbiased (n - 1); null for fewer than two values.</param>
/// <param name="Low">Null for fewer than two values: one run says nothing about the spread.</param>
public sealed record MeanInterval(int Count, double Mean, double? StandardDeviation, double? Low, double? High)
{
    public static MeanInterval Of(IReadOnlyCollection<double> values, double confidence = 0.95) => throw new NotImplementedException();
}
