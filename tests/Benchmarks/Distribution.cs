using System.Globalization;

namespace MaeLab.Benchmarks;

/// <summary>Times as medians, since the machine has other work too.</summary>
public static class Distribution
{
    public static void Print(string what, IReadOnlyCollection<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: p50 {At(sorted, 0.5):F1} ms, p95 {At(sorted, 0.95):F1} ms, largest {sorted[^1]:F1} ms (n = {sorted.Length})"));
    }

    public static double Median(IEnumerable<double> values) => At([.. values.Order()], 0.5);

    private static double At(double[] sorted, double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
}
