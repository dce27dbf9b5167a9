using System.Globalization;

namespace MaeLab.Web.Charts;

/// <summary>Colours that colour-blind readers can tell apart, as CSS for light and dark pages.</summary>
public static class ChartColors
{
    // Okabe and Ito (2008); the second of each pair is lightened for dark pages. Yellow is left out: too faint on white.
    private static readonly (string Light, string Dark)[] s_categories =
    [
        ("#0072b2", "#56a8dc"), ("#d55e00", "#f0803c"), ("#009e73", "#1fc795"), ("#cc79a7", "#dd9cc0"),
        ("#e69f00", "#f0b429"), ("#56b4e9", "#8ccdf2"), ("#4d4d4d", "#c4c4c4"),
    ];

    // Viridis (van der Walt and Smith) at tenths; even in lightness, so that it also works in grey.
    private static readonly (int R, int G, int B)[] s_viridis =
    [
        (68, 1, 84), (72, 36, 117), (65, 68, 135), (53, 95, 141), (42, 120, 142), (33, 144, 141),
        (34, 168, 132), (66, 190, 113), (122, 209, 81), (189, 223, 38), (253, 231, 37),
    ];

    /// <summary>Things that <see cref="Category"/> tells apart.</summary>
    public static int Categories => s_categories.Length;

    public static string Category(int index)
    {
        var (light, dark) = s_categories[index % s_categories.Length];
        return $"light-dark({light}, {dark})";
    }

    /// <summary>For the levels of a number: they read in order. The ends too faint on white or on black are left out.</summary>
    /// <param name="share">0 to 1.</param>
    public static string Sequence(double share) =>
        $"light-dark({Css(Viridis(0.08 + (share * 0.77)))}, {Css(Viridis(0.3 + (share * 0.7)))})";

    /// <summary>Fill of a heat map cell and the text colour that reads on it.</summary>
    /// <param name="share">0 to 1.</param>
    public static (string Fill, string Text) Heat(double share)
    {
        var (r, g, b) = Viridis(share);
        var luminance = ((0.2126 * Linear(r)) + (0.7152 * Linear(g)) + (0.0722 * Linear(b))) + 0.05;
        // WCAG contrast with white against contrast with a near-black (luminance 0.01).
        return (Css((r, g, b)), 1.05 / luminance >= luminance / 0.06 ? "#ffffff" : "#10161d");
    }

    /// <summary>The fill of <see cref="Heat"/> as a pixel.</summary>
    /// <param name="share">0 to 1.</param>
    public static (byte R, byte G, byte B) HeatPixel(double share)
    {
        var (r, g, b) = Viridis(share);
        return ((byte)r, (byte)g, (byte)b);
    }

    public static string HeatGradient { get; } =
        $"linear-gradient(to right, {string.Join(", ", s_viridis.Select(Css))})";

    private static (int R, int G, int B) Viridis(double share)
    {
        var at = Math.Clamp(share, 0, 1) * (s_viridis.Length - 1);
        var (low, part) = (Math.Min((int)at, s_viridis.Length - 2), at - Math.Min((int)at, s_viridis.Length - 2));
        var (a, b) = (s_viridis[low], s_viridis[low + 1]);
        int Mix(int from, int to) => (int)Math.Round(from + ((to - from) * part));
        return (Mix(a.R, b.R), Mix(a.G, b.G), Mix(a.B, b.B));
    }

    private static double Linear(int channel) =>
        channel / 255.0 is var c && c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);

    private static string Css((int R, int G, int B) color) =>
        string.Create(CultureInfo.InvariantCulture, $"#{color.R:x2}{color.G:x2}{color.B:x2}");
}
