using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Theory;
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
    public required TheoryJobReader Theory { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter]
    public Guid Id { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Id)
        {
            (_shown, _view) = (Id, null);
            await ShowAsync(() => ReadOnceAsync("run", ReadAsync));
        }
    }

    private Task RefreshAsync() => ShowAsync(ReadAsync);

    private async Task ShowAsync(Func<Task<RunView?>> read)
    {
        var asked = _shown;
        var view = await read();
        // Else another run was asked for meanwhile, and is there or on its way.
        if (asked == _shown)
        {
            (_view, _missing) = (view, view is null);
        }
    }

    private async Task<RunView?> ReadAsync() =>
        await Reader.FindAsync(Id, Left) is { } run
            ? new(
                run, await Reader.ImagesAsync(Id, Left), await Reader.ClassificationsAsync(Id, Left), await Reader.CheckpointsAsync(Id, Left),
                await Reader.LogsAsync(Id, LogLines, Left), await Theory.OfRunAsync(Id, Left),
                run.Kind == RunKind.Theory ? [.. (await Theory.ResultsAsync([Id], Left))[Id]] : [])
            : null;

    private string TimeWords(RunDetail run) => run switch
    {
        { RemainingSeconds: { } seconds } => $"about {Format.Duration(TimeSpan.FromSeconds(seconds))} left",
        { State: RunState.Queued } => "waits for a free slot",
        { State: RunState.Assigned } => "about to begin, or waits for memory: the log tells",
        { StartedAt: { } started, EndedAt: { } ended } => $"took {Format.Duration(ended - started)}",
        { StartedAt: { } started } => $"for {Format.Duration(Time.GetUtcNow() - started)}",
        _ => "",
    };
}
