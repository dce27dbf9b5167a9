using MaeLab.Web.Browser;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiment;

/// <summary>What is shown is in the address, so that every view can be linked to.</summary>
public sealed partial class ExperimentPage
{
    private ExperimentView? _view;
    private IReadOnlyList<RunSummary> _chosen = [];
    private (ExperimentView? View, string? Cell) _chosenFrom;
    private ExperimentTab? _tab;
    private bool _missing;
    private bool _awaited;
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

    [SupplyParameterFromQuery(Name = ValueChoice.KindParameter)]
    public string? Value { get; set; }

    [SupplyParameterFromQuery(Name = ValueChoice.StepParameter)]
    public string? Step { get; set; }

    [SupplyParameterFromQuery(Name = ValueChoice.BudgetParameter)]
    public string? Budget { get; set; }

    /// <summary>Factors held at one level, each as field:level.</summary>
    [SupplyParameterFromQuery(Name = "fixed")]
    public string[]? Fixed { get; set; }

    /// <summary>The cell that curves and runs are narrowed to, as row:column.</summary>
    [SupplyParameterFromQuery(Name = "cell")]
    public string? Cell { get; set; }

    [SupplyParameterFromQuery(Name = "tab")]
    public string? Tab { get; set; }

    private ExperimentTab Asked => EnumWord.Find<ExperimentTab>(Tab ?? "") ?? default;

    private ExperimentTab Shown => _tab ?? Asked;

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

    protected override async Task OnParametersSetAsync()
    {
        if (_tab is not null && _tab != Asked)
        {
            // The framework is telling all that read the address of the new one, and cannot bear that one comes or goes meanwhile.
            await Task.Yield();
        }

        _tab = Asked;
        if (_shownId != Id)
        {
            (_shownId, _view) = (Id, null);
        }

        // Only what is read depends on these; the rest of the address is a matter of drawing.
        var shown = $"{Id} {Rows} {Columns} {Metric} {Value} {Step} {Budget} {string.Join(' ', Fixed ?? [])}";
        if (shown != _shown)
        {
            (_shown, _awaited) = (shown, true);
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
            (_view, _missing, _awaited) = (view ?? _view, view is null && _view is null, false);
        }
    }

    private Task<ExperimentView?> ReadAsync() => Views.ReadAsync(Id, Rows, Columns, Metric, ValueChoice.Read(Value, Step, Budget), HeldLevels(), Left);

    private Dictionary<string, string> HeldLevels() => (Fixed ?? [])
        .Select(text => text.Split(':', 2))
        .Where(parts => parts.Length == 2)
        .DistinctBy(parts => parts[0])
        .ToDictionary(parts => parts[0], parts => parts[1]);

    private string TabUrl(ExperimentTab tab) =>
        Navigation.GetUriWithQueryParameter("tab", tab == default ? null : EnumWord.Of(tab));

    private void ClearCell() => Navigation.Show(("cell", null));
}
