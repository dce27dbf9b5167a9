using MaeLab.Domain.Ablations;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiment;

/// <summary>What is shown is in the address, so that every view can be linked to.</summary>
public sealed partial class ExperimentPage
{
    private const int MaxRows = 100;

    private ExperimentView? _view;
    private IReadOnlyList<RunSummary> _chosen = [];
    private (ExperimentView? View, string? Cell) _chosenFrom;
    private bool _missing;
    private Guid _shownId;
    private string? _shown;

    [Inject]
    public required ExperimentViewReader Views { get; init; }

    [Parameter]
    public Guid Id { get; set; }

    [SupplyParameterFromQuery(Name = "rows")]
    public string? Rows { get; set; }

    [SupplyParameterFromQuery(Name = "columns")]
    public string? Columns { get; set; }

    [SupplyParameterFromQuery(Name = "metric")]
    public string? Metric { get; set; }

    /// <summary>Factors held at one level, each as field:level.</summary>
    [SupplyParameterFromQuery(Name = "fixed")]
    public string[]? Fixed { get; set; }

    /// <summary>The cell that curves and runs are narrowed to, as row:column.</summary>
    [SupplyParameterFromQuery(Name = "cell")]
    public string? Cell { get; set; }

    [SupplyParameterFromQuery(Name = "curve")]
    public string? Curve { get; set; }

    [SupplyParameterFromQuery(Name = "color")]
    public string? Color { get; set; }

    [SupplyParameterFromQuery(Name = "x")]
    public string? X { get; set; }

    [SupplyParameterFromQuery(Name = "log")]
    public bool Log { get; set; }

    private IEnumerable<KeyValuePair<string, string>> FieldOptions =>
        FieldText.Options(MatrixQuery.FieldsOf(_view!.Experiment.Axes));

    private IEnumerable<Axis> OtherFactors =>
        _view!.Experiment.Axes.Where(axis => axis.Field != _view.Query.Rows && axis.Field != _view.Query.Columns);

    private (string? Row, string? Column)? Selected =>
        Cell?.Split(':', 2) is [var row, var column] ? (row.Length > 0 ? row : null, column.Length > 0 ? column : null) : null;

    /// <summary>The same list until it changes, since a new one is what makes the curves look for new points.</summary>
    private IReadOnlyList<RunSummary> Chosen
    {
        get
        {
            if (_chosenFrom != (_view, Cell))
            {
                _chosenFrom = (_view, Cell);
                _chosen = SelectedCell is { } cell
                    ? [.. _view!.Runs.Where(run => cell.RunIds.Contains(run.Id))]
                    : _view!.Runs;
            }

            return _chosen;
        }
    }

    private MatrixCell? SelectedCell =>
        Selected is { } selected ? _view!.Matrix.Cells.FirstOrDefault(cell => (cell.Row, cell.Column) == selected) : null;

    private string SliceTitle => _view!.Matrix.Columns.Field is { } columns
        ? $"{MetricInfo.Of(_view.Query.Metric).Label} by {FieldText.Label(columns).ToLowerInvariant()}"
        : MetricInfo.Of(_view.Query.Metric).Label;

    /// <summary>A star has no average: its other factors are held, at the baseline unless a person chooses another level.</summary>
    private IEnumerable<KeyValuePair<string, string>> LevelOptions(Axis axis)
    {
        var levels = axis.Levels.Select(level => KeyValuePair.Create(level, Format.Literal(level)));
        return _view!.Experiment.Design == AblationDesign.Star ? levels : levels.Prepend(KeyValuePair.Create("", "average over all"));
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shownId != Id)
        {
            (_shownId, _view) = (Id, null);
        }

        // Only what is read depends on these; the rest of the address is a matter of drawing.
        var shown = $"{Id} {Rows} {Columns} {Metric} {string.Join(' ', Fixed ?? [])}";
        if (shown != _shown)
        {
            _shown = shown;
            await ShowAsync(() => ReadOnceAsync("experiment", ReadAsync));
        }
    }

    private Task RefreshAsync() => ShowAsync(ReadAsync);

    private async Task ShowAsync(Func<Task<ExperimentView?>> read)
    {
        var asked = _shown;
        var view = await read();
        // Else something else was asked for meanwhile, and is there or on its way.
        if (asked == _shown)
        {
            (_view, _missing) = (view ?? _view, view is null && _view is null);
        }
    }

    private Task<ExperimentView?> ReadAsync() => Views.ReadAsync(Id, Rows, Columns, Metric, HeldLevels(), Left);

    private Dictionary<string, string> HeldLevels() => (Fixed ?? [])
        .Select(text => text.Split(':', 2))
        .Where(parts => parts.Length == 2)
        .DistinctBy(parts => parts[0])
        .ToDictionary(parts => parts[0], parts => parts[1]);

    private void Show(string name, object? value) => ShowInAddress(new Dictionary<string, object?> { [name] = value is "" ? null : value });

    /// <summary>Choosing the other side's factor swaps the two.</summary>
    private void ShowRows(string field) => ShowSides(field, field == _view!.Query.Columns ? _view.Query.Rows : _view.Query.Columns);

    private void ShowColumns(string field) => ShowSides(field == _view!.Query.Rows ? _view.Query.Columns : _view.Query.Rows, field);

    private void ShowSides(string? rows, string? columns) =>
        ShowInAddress(new Dictionary<string, object?> { ["rows"] = rows, ["columns"] = columns, ["cell"] = null });

    private void Fix(string field, string level)
    {
        var held = HeldLevels();
        held.Remove(field);
        if (level.Length > 0)
        {
            held[field] = level;
        }

        Show("fixed", held.Select(pair => $"{pair.Key}:{pair.Value}").ToArray());
    }

    private void ToggleCell(MatrixCell cell) =>
        Show("cell", Selected == (cell.Row, cell.Column) ? null : $"{cell.Row}:{cell.Column}");

    private void ClearCell() => Show("cell", null);
}
