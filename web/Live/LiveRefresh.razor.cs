using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Live;

/// <summary>
/// Hints make a page fast, the timer makes it right: a hint that was lost, or that came before the row was written,
/// is made good within <see cref="SlowEvery"/>. Refreshes never overlap and are at least <see cref="AtMostEvery"/> apart.
/// </summary>
public sealed partial class LiveRefresh : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _hinted = new(0, 1);
    private IDisposable? _subscription;
    private ITimer? _timer;
    private DateTimeOffset? _failedAt;
    private bool _gone;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<LiveRefresh> Logger { get; init; }

    [Parameter, EditorRequired]
    public LiveScope Scope { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnRefresh { get; set; }

    [Parameter]
    public TimeSpan SlowEvery { get; set; } = TimeSpan.FromSeconds(5);

    [Parameter]
    public TimeSpan AtMostEvery { get; set; } = TimeSpan.FromSeconds(0.5);

    public void Dispose()
    {
        _gone = true;
        _subscription?.Dispose();
        _timer?.Dispose();
        _ended.Cancel();
        _ended.Dispose();
    }

    // Not while prerendering: nobody would dispose the subscription, and nobody would see what it brings.
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _subscription = Feed.Subscribe(Scope, WakeUp);
            _timer = Time.CreateTimer(_ => WakeUp(), null, SlowEvery, SlowEvery);
            _ = RunAsync(_ended.Token);
        }
    }

    private void WakeUp()
    {
        lock (_hinted)
        {
            if (_hinted.CurrentCount == 0)
            {
                _hinted.Release();
            }
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _hinted.WaitAsync(cancellationToken);
                await InvokeAsync(RefreshAsync);
                await Task.Delay(AtMostEvery, Time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page is gone.
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            await OnRefresh.InvokeAsync();
            if (_failedAt is not null)
            {
                _failedAt = null;
                StateHasChanged();
            }
        }
        catch (Exception error) when (error is not OperationCanceledException || !_gone)
        {
            _failedAt = Time.GetUtcNow();
            LogNotRefreshed(Logger, error);
            StateHasChanged();
        }
    }

    [LoggerMessage(LogLevel.Warning, "A page could not be refreshed; it shows what was read before and tries again")]
    private static partial void LogNotRefreshed(ILogger logger, Exception error);
}
