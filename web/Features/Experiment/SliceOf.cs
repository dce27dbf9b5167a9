using System.Globalization;
using MaeLab.Web.Charts;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The matrix as lines: its metric against the columns' factor, a line per row.</summary>
public static class SliceOf
{
    private const int FewSeeds = 3;

    public static SliceModel Matrix(Matrix matrix)
    {
        var metric = MetricInfo.Of(matrix.Metric);
        var columns = matrix.Columns.Levels;
        var numbers = columns.Select(Number).ToList();
        var numeric = numbers.All(number => number is not null);
        var rows = matrix.Rows.Levels;
        return new(
            new(
                matrix.Columns.Field is { } field ? FieldText.Label(field) : "",
                numeric ? null : [.. columns.Select(level => level is null ? "" : Format.Literal(level))],
                numeric ? [.. numbers.Select(number => number!.Value).Order()] : null),
            new(metric.Label, Percent: metric.IsShare),
            [.. rows.Select((row, r) => new SliceLine(
                row is null ? metric.Label : $"{FieldText.Label(matrix.Rows.Field!)} {Format.Literal(row)}",
                LevelColors.Of(rows, r),
                [.. columns.Select((_, c) => (Cell: matrix[r, c], X: numeric ? numbers[c]!.Value : c))
                    .Where(point => point.Cell.Value is not null)
                    .OrderBy(point => point.X)
                    .Select(point => new SlicePoint(
                        point.X, point.Cell.Value!.Mean, point.Cell.Value.Low, point.Cell.Value.High, point.Cell.Value.Count,
                        point.Cell.Seeds.Count is > 1 and <= FewSeeds ? [.. point.Cell.Seeds.Values] : []))]))]);
    }

    /// <summary>"Linear probe accuracy by mask ratio".</summary>
    public static string Title(Matrix matrix) =>
        MetricInfo.Of(matrix.Metric).Label + (matrix.Columns.Field is { } columns ? $" by {FieldText.Label(columns).ToLowerInvariant()}" : "");

    /// <returns>Null where the literal is no number.</returns>
    internal static double? Number(string? literal) =>
        double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
