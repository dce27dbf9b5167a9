using MaeLab.Web.Browser;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace MaeLab.Web.Features.Runs;

/// <summary>
/// The lines of the table. A long one scrolls in a window of its own, and only the lines that are looked at are read and drawn; a
/// short one is drawn as it is.
/// </summary>
public sealed partial class RunGrid : IDisposable
{
    /// <summary>So many lines need no window; they are also what the first answer shows of a longer table.</summary>
    public const int PlainLines = 60;

    /// <summary>Pixels; the style sheet has it too.</summary>
    private const float RowHeight = 46;

    private readonly CancellationTokenSource _left = new();

    private Virtualize<RunLine>? _rows;
    private (RunTableView View, IReadOnlyList<RunColumn> Columns)? _shown;

    [Inject]
    public required RunTableReader Table { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Parameter, EditorRequired]
    public required RunTableView View { get; set; }

    [Parameter, EditorRequired]
    public required RunLayout Layout { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<RunColumn> Columns { get; set; }

    /// <summary>The first <see cref="PlainLines"/> lines.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunLine> First { get; set; }

    [Parameter, EditorRequired]
    public required RunSelection Selection { get; set; }

    /// <summary>The selection is another one.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private bool Scrolls => Layout.Lines > PlainLines;

    /// <summary>Reads the lines that are looked at again.</summary>
    public Task RefreshAsync() => _rows?.RefreshDataAsync() ?? Task.CompletedTask;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown is { } shown && (!ReferenceEquals(shown.View, View) || !ReferenceEquals(shown.Columns, Columns)))
        {
            await RefreshAsync();
        }

        _shown = (View, Columns);
    }

    private async ValueTask<ItemsProviderResult<RunLine>> ReadAsync(ItemsProviderRequest request)
    {
        if (request.StartIndex + request.Count <= First.Count)
        {
            return new(First.Skip(request.StartIndex).Take(request.Count), Layout.Lines);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(request.CancellationToken, _left.Token);
        return new(await Table.LinesAsync(View, Layout, Columns, request.StartIndex, request.Count, either.Token), Layout.Lines);
    }

    /// <summary>With Shift down all from the one before to this one are made like this one.</summary>
    private async Task SelectAsync(RunLine line, RowSelection change)
    {
        if (change.Through && Selection.Anchor is { } anchor && anchor != line.Index)
        {
            var (first, last) = (Math.Min(anchor, line.Index), Math.Max(anchor, line.Index));
            var ids = await Table.IdsAsync(View, Layout, first, last - first + 1, _left.Token);
            if (change.Selected)
            {
                Selection.Add(ids);
            }
            else
            {
                Selection.Remove(ids);
            }
        }
        else
        {
            Selection.Set(line.Run!.Id, change.Selected);
        }

        Selection.Anchor = line.Index;
        await Changed.InvokeAsync();
    }

    private void Toggle(RunGroup group)
    {
        var open = View.Open.Contains(group.Key) ? View.Open.Except([group.Key]) : View.Open.Append(group.Key);
        Navigation.Show(("open", open.ToArray()));
    }

    /// <summary>A column is sorted by its best first; again, the other way round.</summary>
    private void SortBy(RunColumn column)
    {
        var order = View.Order.Column.Word == column.Word ? View.Order with { Descending = !View.Order.Descending } : new RunOrder(column, FallsFirst(column));
        Navigation.Show(("sort", order.Word == RunOrder.Newest.Word ? null : order.Word));
    }

    private static bool FallsFirst(RunColumn column) => column.Kind switch
    {
        RunColumnKind.Last or RunColumnKind.Best => MetricInfo.Of(column.Name).Better != BetterWhen.Lower,
        RunColumnKind.Recipe => false,
        _ => column == RunColumn.Created || column == RunColumn.Progress || column == RunColumn.Priority || column == RunColumn.ImagesPerSecond,
    };

    private string SortWord(RunColumn column) =>
        View.Order.Column.Word != column.Word ? "none" : View.Order.Descending ? "descending" : "ascending";

    private static string TitleOf(RunColumn column) => column.Kind == RunColumnKind.Own ? "Sort by this column" : $"{column.Word}: sort by this column";
}
