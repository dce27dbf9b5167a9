using MaeLab.Contracts.Commands;
using MaeLab.Web.Access;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace MaeLab.Web.Features.Run;

/// <summary>The actions that the run's state allows.</summary>
public sealed partial class RunActions
{
    private static readonly (RunAction Action, string Icon, Color Color)[] s_actions =
    [
        (RunAction.Retry, Icons.Material.Outlined.Replay, Color.Primary),
        (RunAction.Resume, Icons.Material.Outlined.PlayArrow, Color.Primary),
        (RunAction.Pause, Icons.Material.Outlined.Pause, Color.Default),
        (RunAction.Cancel, Icons.Material.Outlined.Cancel, Color.Error),
    ];

    private bool _busy;

    [Inject]
    public required CurrentActor Me { get; init; }

    [Inject]
    public required RunControl Control { get; init; }

    [Inject]
    public required QueueControl Queue { get; init; }

    [Inject]
    public required ISnackbar Messages { get; init; }

    [Parameter, EditorRequired]
    public required RunDetail Run { get; set; }

    /// <summary>The request is on its way; the state may have changed already.</summary>
    [Parameter]
    public EventCallback Done { get; set; }

    private Task PrioritizeAsync(int priority) => BusyAsync(async () => Messages.Tell(
        await Queue.PrioritizeAsync(Run.ExperimentId, [Run.Id], priority, await Me.GetAsync(), CancellationToken.None), $"Asked the scheduler for priority {priority}."));

    private Task MoveToFrontAsync() => BusyAsync(async () => Messages.Tell(
        await Queue.MoveAsync(Run.ExperimentId, [Run.Id], before: null, await Me.GetAsync(), CancellationToken.None), "Asked the scheduler to train it first of its experiment."));

    private Task SendAsync(RunAction action) => BusyAsync(async () => Messages.Tell(
        await Control.SendAsync(Run.Id, action, await Me.GetAsync(), CancellationToken.None), action, "run"));

    private async Task BusyAsync(Func<Task> work)
    {
        _busy = true;
        try
        {
            await work();
            await Done.InvokeAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
