using MaeLab.Contracts.Commands;
using MaeLab.Domain.Ablations;
using MaeLab.Web.Access;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The matrix of two factors and the slice through it.</summary>
public sealed partial class MatrixTab
{
    private bool _busy;

    [Inject]
    public required CurrentActor Me { get; init; }

    [Inject]
    public required RunBulk Bulk { get; init; }

    [Inject]
    public required CommandSender Commands { get; init; }

    [Inject]
    public required ISnackbar Messages { get; init; }

    /// <summary>The cell that all tabs are narrowed to; null: none.</summary>
    [Parameter]
    public MatrixCell? Selected { get; set; }

    /// <summary>A request is on its way.</summary>
    [Parameter]
    public EventCallback Done { get; set; }

    private IEnumerable<KeyValuePair<string, string>> FieldOptions =>
        FieldText.Options(MatrixQuery.FieldsOf(View.Experiment.Axes));

    private IEnumerable<Axis> OtherFactors =>
        View.Experiment.Axes.Where(axis => axis.Field != View.Query.Rows && axis.Field != View.Query.Columns);

    /// <summary>A star has no average: its other factors are held, at the baseline unless a person chooses another level.</summary>
    private IEnumerable<KeyValuePair<string, string>> LevelOptions(Axis axis)
    {
        var levels = axis.Levels.Select(level => KeyValuePair.Create(level, Format.Literal(level)));
        return View.Experiment.Design == AblationDesign.Star ? levels : levels.Prepend(KeyValuePair.Create("", "average over all"));
    }

    /// <summary>A cell of the matrix is one of the experiment where no factor is averaged over, and the seeds are not a side.</summary>
    private bool MayQueue => View.Query.Rows != Axis.SeedField && View.Query.Columns != Axis.SeedField
        && OtherFactors.All(axis => View.Query.Fixed.ContainsKey(axis.Field));

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

    /// <summary>All that the cell lacks: runs that failed or were cancelled are tried again, seeds that it has no run of are queued.</summary>
    private async Task FillAsync(CellGap gap)
    {
        _busy = true;
        try
        {
            var actor = await Me.GetAsync();
            var again = await Bulk.ControlAsync([.. gap.Cell.Retriable.Select(run => run.Id)], RunAction.Retry, actor, CancellationToken.None);
            var sent = again.Complete && (gap.MissingSeeds == 0 || await Commands.SendAsync(actor, QueueCellOf(gap.Cell, actor), CancellationToken.None));
            Messages.Tell(
                !sent ? ControlOutcome.NotSent : again.Sent + gap.MissingSeeds > 0 ? ControlOutcome.Sent : ControlOutcome.NotApplicable,
                $"Asked the scheduler to queue {(gap with { Retried = again.Sent }).Words} of {View.Matrix.WordsOf(gap.Cell)}.",
                "Its state has changed; no run waits to be queued again any more.");
            await Done.InvokeAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private QueueCell QueueCellOf(MatrixCell cell, Actor actor)
    {
        var levels = new Dictionary<string, string>(View.Query.Fixed);
        foreach (var (field, level) in View.Matrix.LevelsOf(cell))
        {
            levels[field] = level;
        }

        return new(View.Experiment.Id, levels, actor.Name);
    }
}
