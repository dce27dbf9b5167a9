namespace MaeLab.Web.Charts;

/// <summary>What tells lines of one colour apart.</summary>
public static class ChartDashes
{
    // Lengths of line and gap in pixels, by turns; the first one is solid.
    private static readonly double[][] s_patterns = [[], [6, 4], [2, 3], [9, 3, 2, 3]];

    public static IReadOnlyList<double> Of(int index) => s_patterns[index % s_patterns.Length];
}
