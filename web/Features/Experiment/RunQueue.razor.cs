using MaeLab.Domain.Runs;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace MaeLab.Web.Features.Experiment;

public sealed partial class RunQueue
{
    private const int MaxRows = 50;

    private RunSummary? _dragged;
    private Guid? _over;

    [Inject]
    public required CurrentActor Me { get; init; }

    [Inject]
    public required QueueControl Control { get; init; }

    [Inject]
    public required ISnackbar Messages { get; init; }

    /// <summary>All runs of the experiment.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunSummary> Runs { get; set; }

    /// <summary>The cell that the page is narrowed to, if it is.</summary>
    [Parameter]
    public MatrixCell? Cell { get; set; }

    /// <summary>A request is on its way.</summary>
    [Parameter]
    public EventCallback Done { get; set; }

    /// <summary>As the scheduler takes them.</summary>
    private List<RunSummary> Queued { get; set; } = [];

    private List<RunSummary> CellQueued => Queued.FindAll(run => Cell!.RunIds.Contains(run.Id));

    private int? CellPriority => CellQueued.Select(run => run.Priority).Distinct().ToList() is [var only] ? only : null;

    protected override void OnParametersSet() => Queued = [.. Runs.Where(run => run.State == RunState.Queued)
        .OrderByDescending(run => run.Priority).ThenBy(run => run.Position).ThenBy(run => run.Index)];

    private async Task DropAsync(RunSummary target)
    {
        var dragged = _dragged;
        (_dragged, _over) = (null, null);
        if (dragged is not null && dragged.Id != target.Id)
        {
            // Dragged down it goes below the row it is dropped on, dragged up above it: to where that row was.
            var down = Queued.IndexOf(target) > Queued.FindIndex(run => run.Id == dragged.Id);
            await (down ? MoveAsync([dragged], after: target) : MoveAsync([dragged], before: target));
        }
    }

    private async Task KeyAsync(RunSummary run, KeyboardEventArgs key)
    {
        var place = Queued.FindIndex(other => other.Id == run.Id);
        var moving = (key.Key, place) switch
        {
            ("ArrowUp", > 0) => MoveAsync([run], before: Queued[place - 1]),
            ("ArrowDown", >= 0) when place < Queued.Count - 1 => MoveAsync([run], after: Queued[place + 1]),
            ("Home", > 0) => MoveAsync([run], before: Queued[0]),
            _ => Task.CompletedTask,
        };
        await moving;
    }

    private Task MoveCellAsync() => MoveAsync(CellQueued);

    private async Task MoveAsync(List<RunSummary> runs, RunSummary? before = null, RunSummary? after = null)
    {
        Messages.Tell(
            await Control.MoveAsync(runs[0].ExperimentId, [.. runs.Select(run => run.Id)], before?.Id, await Me.GetAsync(), CancellationToken.None, after?.Id),
            (before ?? after) is { } place && place.Priority != runs[0].Priority ? $"Asked the scheduler for another order, with priority {place.Priority}." : "Asked the scheduler for another order.");
        await Done.InvokeAsync();
    }

    private async Task PrioritizeCellAsync(int priority)
    {
        Messages.Tell(
            await Control.PrioritizeAsync(Runs[0].ExperimentId, Cell!.RunIds, priority, await Me.GetAsync(), CancellationToken.None),
            $"Asked the scheduler for priority {priority} of this cell.");
        await Done.InvokeAsync();
    }
}
