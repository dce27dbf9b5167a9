using System.Globalization;
using MaeLab.Web.Charts;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Colours of the levels of a factor: in order for many numbers, apart from each other for words and few.</summary>
public static class LevelColors
{
    private const int Few = 3;

    public static string Of(IReadOnlyList<string?> levels, int index)
    {
        if (levels.Count <= Few || !levels.All(IsNumber))
        {
            return ChartColors.Category(index);
        }

        var rank = levels.Count(level => Number(level) < Number(levels[index]));
        return ChartColors.Sequence((double)rank / (levels.Count - 1));
    }

    private static bool IsNumber(string? level) => double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static double Number(string? level) => double.Parse(level!, NumberStyles.Float, CultureInfo.InvariantCulture);
}
