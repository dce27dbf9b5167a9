using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace MaeLab.Domain.Statistics;

/// <summary>Student's t-test of paired differences against zero, and the size of the effect in units of their spread.</summary>
public static class PairedTTest
{
    /// <summary>A spread below this share of the mean is rounding: the differences are all the same.</summary>
    private const double Rounding = 1e-12;

    /// <param name="difference">Mean and spread of the differences.</param>
    /// <returns>Two-sided; null for fewer than two pairs.</returns>
    public static double? PValue(MeanInterval difference) => difference switch
    {
        { StandardDeviation: null } => null,
        _ when HasSpread(difference) => 2 * StudentT.CDF(location: 0, scale: 1, freedom: difference.Count - 1, x: -Math.Abs(T(difference))),
        { Mean: 0 } => 1,
        _ => 0,
    };

    /// <summary>
    /// Cohen's d_z, the mean over the standard deviation of the differences, times the correction of Hedges (1981) for the
    /// bias of few pairs.
    /// </summary>
    /// <returns>Null for fewer than three pairs or differences without a spread: there is no unbiased estimate.</returns>
    public static double? Effect(MeanInterval difference) => difference.Count > 2 && HasSpread(difference)
        ? HedgesCorrection(difference.Count - 1) * difference.Mean / difference.StandardDeviation
        : null;

    /// <summary>The exact form; 1 - 3/(4 m - 1) is its usual approximation.</summary>
    /// <param name="degrees">At least 2.</param>
    internal static double HedgesCorrection(int degrees) =>
        Math.Exp(SpecialFunctions.GammaLn(degrees / 2.0) - SpecialFunctions.GammaLn((degrees - 1) / 2.0)) / Math.Sqrt(degrees / 2.0);

    private static bool HasSpread(MeanInterval difference) => difference.StandardDeviation > Rounding * Math.Abs(difference.Mean);

    private static double T(MeanInterval difference) => difference.Mean / difference.StandardDeviation!.Value * Math.Sqrt(difference.Count);
}
