using System.Globalization;

namespace MaeLab.Domain.Recipes;

/// <summary>What a number may be on its own; rules between fields are in <see cref="RecipeValidator"/>.</summary>
/// <param name="Exclusive">True where the two ends themselves are not allowed.</param>
public sealed record FieldBounds(double Min, double Max, bool Exclusive = false)
{
    /// <returns>False for not-a-number.</returns>
    public bool Contain(double value) => Exclusive ? value > Min && value < Max : value >= Min && value <= Max;

    public override string ToString() => Exclusive
        ? $"greater than {Write(Min)} and less than {Write(Max)}"
        : $"from {Write(Min)} to {Write(Max)}";

    // Formats of doubles round to 15 digits; the largest seed has 16.
    private static string Write(double end) => double.IsInteger(end)
        ? ((long)end).ToString("#,0", CultureInfo.InvariantCulture)
        : end.ToString(CultureInfo.InvariantCulture);
}
