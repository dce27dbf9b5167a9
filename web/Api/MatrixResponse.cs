using System.Text.Json.Nodes;
using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Api;

/// <summary>A metric by two factors.</summary>
/// <param name="Metric">Series name.</param>
/// <param name="Value">Which value of the series stands for a run.</param>
/// <param name="At">The step or the budget that the values are of; null where they are of none.</param>
/// <param name="Cells">In row order.</param>
public sealed record MatrixResponse(
    MatrixAxisResponse Rows, MatrixAxisResponse Columns, string Metric, ValueKind Value, double? At, IReadOnlyList<MatrixCellResponse> Cells)
{
    internal static MatrixResponse Of(Matrix matrix, RunValues values) => new(
        MatrixAxisResponse.Of(matrix.Rows), MatrixAxisResponse.Of(matrix.Columns), matrix.Metric, values.Choice.Kind, Format.Finite(values.At), [.. matrix.Cells.Select(MatrixCellResponse.Of)]);

    internal static JsonNode? Level(string? literal) => literal is null ? null : JsonNode.Parse(literal);
}

/// <param name="Field">Recipe field; null where the matrix has one row or column only, whose level then is null.</param>
/// <param name="Levels">JSON values of the field, in the order of the experiment.</param>
public sealed record MatrixAxisResponse(string? Field, IReadOnlyList<JsonNode?> Levels)
{
    internal static MatrixAxisResponse Of(MatrixAxis axis) => new(axis.Field, [.. axis.Levels.Select(MatrixResponse.Level)]);
}

/// <param name="Row">Level of the row's factor.</param>
/// <param name="Column">Level of the column's factor.</param>
/// <param name="N">Seeds that the mean is over; factors that are neither rows nor columns nor held are averaged within each.</param>
/// <param name="Mean">Null while no run has a finite value.</param>
/// <param name="Std">Standard deviation over the seeds (n - 1); null for fewer than two.</param>
/// <param name="CiLow">Lower end of the 95 % confidence interval (Student's t); null for fewer than two seeds.</param>
/// <param name="CiHigh">Upper end of the interval.</param>
/// <param name="Provisional">No run is complete yet: the values are those of runs under way.</param>
/// <param name="RunIds">All runs of the cell, whether they count in the mean or not.</param>
/// <param name="State">The state that says most about the cell; null where it has no runs.</param>
/// <param name="IsBaseline">The cell that others are compared with.</param>
/// <param name="Seconds">Training time of all its runs in all their attempts so far; null where none has begun.</param>
/// <param name="VisibleTokens">Tokens that the encoders of all its runs have processed.</param>
public sealed record MatrixCellResponse(
    JsonNode? Row, JsonNode? Column, int N, double? Mean, double? Std, double? CiLow, double? CiHigh, bool Provisional,
    IReadOnlyList<Guid> RunIds, RunState? State, bool IsBaseline, double? Seconds, double? VisibleTokens)
{
    // Finite values may still have a mean past the largest double, and JSON has no word for that.
    internal static MatrixCellResponse Of(MatrixCell cell) => new(
        MatrixResponse.Level(cell.Row), MatrixResponse.Level(cell.Column), cell.Value?.Count ?? 0,
        Format.Finite(cell.Value?.Mean), Format.Finite(cell.Value?.StandardDeviation), Format.Finite(cell.Value?.Low), Format.Finite(cell.Value?.High),
        cell.Provisional, cell.RunIds, cell.State, cell.IsBaseline,
        cell.Cost?.Time.TotalSeconds, cell.Cost?.VisibleTokens);
}
