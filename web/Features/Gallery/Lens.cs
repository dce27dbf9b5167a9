using System.Globalization;

namespace MaeLab.Web.Features.Gallery;

/// <summary>Which part of every picture is shown.</summary>
/// <param name="Factor">1: all of it.</param>
/// <param name="X">What lies in the middle, 0 left to 1 right.</param>
/// <param name="Y">0 top to 1 bottom.</param>
public readonly record struct Lens(double Factor, double X, double Y)
{
    private const double Strongest = 16;

    public static Lens All { get; } = new(1, 0.5, 0.5);

    /// <summary>From an address; what is no lens shows all.</summary>
    public static Lens Parse(string? text) =>
        text?.Split(',') is [var factor, var x, var y] && Number(factor) is { } strength && Number(x) is { } left && Number(y) is { } top
            ? new(Math.Clamp(strength, 1, Strongest), Math.Clamp(left, 0, 1), Math.Clamp(top, 0, 1))
            : All;

    /// <summary>For an address; null shows all.</summary>
    public override string? ToString() => Factor <= 1 ? null : string.Create(CultureInfo.InvariantCulture, $"{Factor:0.##},{X:0.###},{Y:0.###}");

    /// <summary>As style sheets read it.</summary>
    public string Style => string.Create(CultureInfo.InvariantCulture, $"--factor:{Factor:0.##};--x:{X:0.###};--y:{Y:0.###}");

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
