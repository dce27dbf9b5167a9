using MaeLab.Domain.Ablations;
using MaeLab.Web.Browser;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The matrix of two factors and the slice through it.</summary>
public sealed partial class MatrixTab
{
    /// <summary>The cell that all tabs are narrowed to; null: none.</summary>
    [Parameter]
    public MatrixCell? Selected { get; set; }

    private IEnumerable<KeyValuePair<string, string>> FieldOptions =>
        FieldText.Options(MatrixQuery.FieldsOf(View.Experiment.Axes));

    private IEnumerable<Axis> OtherFactors =>
        View.Experiment.Axes.Where(axis => axis.Field != View.Query.Rows && axis.Field != View.Query.Columns);

    private string SliceTitle => View.Matrix.Columns.Field is { } columns
        ? $"{MetricInfo.Of(View.Query.Metric).Label} by {FieldText.Label(columns).ToLowerInvariant()}"
        : MetricInfo.Of(View.Query.Metric).Label;

    /// <summary>A star has no average: its other factors are held, at the baseline unless a person chooses another level.</summary>
    private IEnumerable<KeyValuePair<string, string>> LevelOptions(Axis axis)
    {
        var levels = axis.Levels.Select(level => KeyValuePair.Create(level, Format.Literal(level)));
        return View.Experiment.Design == AblationDesign.Star ? levels : levels.Prepend(KeyValuePair.Create("", "average over all"));
    }

    /// <summary>Choosing the other side's factor swaps the two.</summary>
    private void ShowRows(string field) => ShowSides(field, field == View.Query.Columns ? View.Query.Rows : View.Query.Columns);

    private void ShowColumns(string field) => ShowSides(field == View.Query.Rows ? View.Query.Columns : View.Query.Rows, field);

    private void ShowSides(string? rows, string? columns) => Navigation.Show(("rows", rows), ("columns", columns), ("cell", null));

    private void Fix(string field, string level)
    {
        var held = new Dictionary<string, string>(View.Held);
        held.Remove(field);
        if (level.Length > 0)
        {
            held[field] = level;
        }

        Navigation.Show(("fixed", held.Select(pair => $"{pair.Key}:{pair.Value}").ToArray()));
    }

    private void ToggleCell(MatrixCell cell) =>
        Navigation.Show(("cell", Selected is not null && (Selected.Row, Selected.Column) == (cell.Row, cell.Column) ? null : $"{cell.Row}:{cell.Column}"));
}
