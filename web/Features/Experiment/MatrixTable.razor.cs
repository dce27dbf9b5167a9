using MaeLab.Domain.Runs;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiment;

public sealed partial class MatrixTable
{
    private static readonly RunState[] s_pips =
    [
        RunState.Completed, RunState.Running, RunState.Stopping, RunState.Assigned, RunState.Queued, RunState.Paused, RunState.Failed, RunState.Cancelled,
    ];

    private MetricInfo _metric = null!;
    private HeatScale _scale = null!;
    private MatrixCell? _best;
    private IReadOnlyList<MatrixCell> _onPar = [];

    [Parameter, EditorRequired]
    public required Matrix Matrix { get; set; }

    /// <summary>Levels of the cell that the page is narrowed to.</summary>
    [Parameter]
    public (string? Row, string? Column)? Selected { get; set; }

    [Parameter]
    public EventCallback<MatrixCell> CellClicked { get; set; }

    /// <summary>What a cell lacks is to be queued. Without a handler no cell offers it.</summary>
    [Parameter]
    public EventCallback<CellGap> FillClicked { get; set; }

    /// <inheritdoc cref="CellGap.Of"/>
    [Parameter]
    public IReadOnlyList<long>? Seeds { get; set; }

    /// <summary>A request is on its way.</summary>
    [Parameter]
    public bool Busy { get; set; }

    protected override void OnParametersSet()
    {
        _metric = MetricInfo.Of(Matrix.Metric);
        _scale = HeatScale.Of(Matrix);
        _best = Matrix.Cells.Count > 1 ? Matrix.BestCell() : null;
        _onPar = _best is null ? [] : Matrix.OnParWith(_best);
    }

    private bool IsSelected(MatrixCell cell) => Selected == (cell.Row, cell.Column);

    private string CssClass(MatrixCell cell) =>
        string.Join(' ', new[]
        {
            cell.Value is null ? "empty" : null,
            cell.Provisional ? "provisional" : null,
            cell == _best ? "best" : _onPar.Contains(cell) ? "on-par" : null,
            cell.Value is null ? StateText.CssClass(cell.State!.Value) : null,
        }.OfType<string>());

    private string? Style(MatrixCell cell) =>
        cell.Value is { } value ? $"background:{_scale.Fill(value.Mean)};color:{_scale.Text(value.Mean)}" : null;

    private string Caption() =>
        $"{_metric.Label} by {Side(Matrix.Rows)} and {Side(Matrix.Columns)}, mean over seeds with its 95 % confidence interval.";

    private static string Side(MatrixAxis axis) => axis.Field is { } field ? FieldText.Label(field).ToLowerInvariant() : "nothing else";

    private string Words(MatrixCell cell) => string.Join(". ", Tip(cell));

    private IEnumerable<string> Tip(MatrixCell cell)
    {
        yield return Matrix.WordsOf(cell) + (cell.IsBaseline ? " (baseline)" : "");
        if (cell.Value is { } value)
        {
            yield return $"{_metric.Label} {_metric.Show(value.Mean)}, n = {value.Count}{(cell.Provisional ? ", still training" : "")}";
            yield return value is { Low: { } low, High: { } high }
                ? $"95 % interval {_metric.Show(low)} to {_metric.Show(high)}"
                : "One seed: no interval";
            if (cell == _best || _onPar.Contains(cell))
            {
                yield return cell == _best ? "The best mean" : "Its interval overlaps that of the best; whether they differ, seed by seed, is on the Statistics tab";
            }
        }

        yield return string.Join(", ", s_pips.Where(state => cell.Runs.Of(state) > 0).Select(state => $"{cell.Runs.Of(state)} {StateText.Word(state).ToLowerInvariant()}"));
        if (RepeatedSeeds.Of(cell.Members).Count is > 0 and var repeated)
        {
            yield return repeated == 1 ? "1 run repeats a seed and does not count" : $"{repeated} runs repeat a seed and do not count";
        }

        if (cell.Cost is { } cost)
        {
            yield return $"Training took {cost.Words}";
        }
    }
}
