using MaeLab.Domain.Recipes;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Annotations;
using MaeLab.Web.Features.Experiments;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace MaeLab.Web.Features.Runs;

/// <summary>Filter, order, columns and groups are in the address; which runs are selected is not.</summary>
public sealed partial class RunsPage
{
    private const int OfferedExperiments = 100;

    private static readonly KeyValuePair<string, string>[] s_groups =
    [
        KeyValuePair.Create("", "nothing"),
        KeyValuePair.Create(RunGroupReader.ByExperiment, "experiment"),
        KeyValuePair.Create(RunGroupReader.ByCell, "cell"),
        KeyValuePair.Create(RunGroupReader.ByState, "state"),
        .. RecipeFields.All.Select(field => KeyValuePair.Create(field.Path, field.Label.ToLowerInvariant())),
    ];

    private readonly RunSelection _selection = new();

    private RunTableView _view = null!;
    private RunTableData? _data;
    private bool _awaited;
    private RunGrid? _grid;

    [Inject]
    public required RunTableReader Table { get; init; }

    [Inject]
    public required RunColumnReader Columns { get; init; }

    [Inject]
    public required ExperimentReader Experiments { get; init; }

    [Inject]
    public required AnnotationStore Annotations { get; init; }

    /// <summary>Of the address, without the question mark.</summary>
    private string Query => new Uri(Navigation.Uri).Query.TrimStart('?');

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnLocationChanged;
        ReadAddress();
        await ShowAsync(() => ReadOnceAsync("runs", ReadAsync));
    }

    protected override void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= OnLocationChanged;
        base.Dispose(disposing);
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change)
    {
        if (new Uri(change.Location).AbsolutePath == Urls.Runs)
        {
            _ = InvokeAsync(async () =>
            {
                try
                {
                    ReadAddress();
                    _awaited = true;
                    StateHasChanged();
                    await ShowAsync(ReadAsync);
                    StateHasChanged();
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    await DispatchExceptionAsync(error);
                }
            });
        }
    }

    private void ReadAddress()
    {
        var before = _view;
        _view = RunTableView.Read(QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query)
            .SelectMany(pair => pair.Value, (pair, value) => (pair.Key, Value: value ?? "")).ToLookup(pair => pair.Key, pair => pair.Value));
        if (before is not null && !before.Filter.IsSameAs(_view.Filter))
        {
            // What is done to a selection must be seen before it is done.
            _selection.Clear();
        }

        _selection.Anchor = null;
    }

    private async Task RefreshAsync()
    {
        await ShowAsync(ReadAsync);
        if (_grid is not null)
        {
            await _grid.RefreshAsync();
        }
    }

    private async Task ShowAsync(Func<Task<RunTableData>> read)
    {
        var asked = _view;
        var data = await read();
        // Else other runs were asked for meanwhile, and are there or on their way.
        if (ReferenceEquals(asked, _view))
        {
            (_data, _awaited) = (data, false);
        }
    }

    private async Task<RunTableData> ReadAsync()
    {
        var view = _view;
        var layout = await Table.LayOutAsync(view, Left);
        var columns = await Table.ColumnsAsync(view, Left);
        return new(
            layout, columns, await Table.LinesAsync(view, layout, columns, 0, RunGrid.PlainLines, Left), await Columns.SeriesAsync(view.Filter, Left),
            await Experiments.NamesAsync(OfferedExperiments, Left), await Annotations.TagsAsync(Left));
    }

    private async Task SelectAllAsync()
    {
        _selection.Add(await Table.AllIdsAsync(_view.Filter, Left));
    }

    private void OpenAll() => Navigation.Show(("open", _view.Open.Contains(RunTableView.AllOpen) ? null : RunTableView.AllOpen));

    /// <summary>All that the page has read for one address.</summary>
    private sealed record RunTableData(
        RunLayout Layout, IReadOnlyList<RunColumn> Columns, IReadOnlyList<RunLine> First, IReadOnlyList<string> Series,
        IReadOnlyList<KeyValuePair<Guid, string>> Experiments, IReadOnlyList<string> Tags);
}
