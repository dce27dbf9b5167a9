using MaeLab.Domain.Runs;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Run;

public sealed partial class RunDetailPage
{
    private const int LogLines = 200;

    private RunView? _view;
    private bool _missing;
    private Guid _shown;

    [Inject]
    public required RunDetailReader Reader { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter]
    public Guid Id { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Id)
        {
            (_shown, _view) = (Id, null);
            Take(await ReadOnceAsync("run", ReadAsync));
        }
    }

    private async Task RefreshAsync() => Take(await ReadAsync());

    private void Take(RunView? view) => (_view, _missing) = (view, view is null);

    private async Task<RunView?> ReadAsync() =>
        await Reader.FindAsync(Id, Left) is { } run
            ? new(run, await Reader.ImagesAsync(Id, Left), await Reader.ClassificationsAsync(Id, Left), await Reader.CheckpointsAsync(Id, Left), await Reader.LogsAsync(Id, null, LogLines, Left))
            : null;

    private string TimeWords(RunDetail run) => run switch
    {
        { RemainingSeconds: { } seconds } => $"about {Format.Duration(TimeSpan.FromSeconds(seconds))} left",
        { State: RunState.Queued } => "waits for a free slot",
        { StartedAt: { } started, EndedAt: { } ended } => $"took {Format.Duration(ended - started)}",
        { StartedAt: { } started } => $"for {Format.Duration(Time.GetUtcNow() - started)}",
        _ => "",
    };
}
