using MaeLab.Hosting.Bus;

namespace MaeLab.Web.Live;

/// <summary>
/// What a part of a page reads after each refresh: one reading at a time, and what was asked for meanwhile follows at
/// once. Where the database or the browser does not answer, the part keeps what it shows until the next refresh.
/// </summary>
internal sealed partial class LiveReading : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly Func<Task> _read;
    private readonly ILogger _logger;
    private readonly Action? _answered;
    private bool _reading;
    private bool _again;

    /// <param name="answered">Nobody waits any more; for a part that is not drawn anew after every reading.</param>
    public LiveReading(Func<Task> read, ILogger logger, Action? answered = null)
    {
        (_read, _logger, _answered) = (read, logger, answered);
        Left = _left.Token;
    }

    /// <summary>The last reading failed, perhaps halfway: the next one cannot go on from it.</summary>
    public bool Failed { get; private set; }

    /// <summary>A person asked for what is being read; nobody waits for what refreshes by itself.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Cancelled when the page is left.</summary>
    public CancellationToken Left { get; }

    /// <param name="awaited">A person asked for it.</param>
    public async Task UpdateAsync(bool awaited = false)
    {
        _again = true;
        IsAwaited |= awaited;
        if (_reading)
        {
            return;
        }

        _reading = true;
        try
        {
            while (_again)
            {
                _again = false;
                await ReadAsync();
            }
        }
        finally
        {
            _reading = false;
            if (IsAwaited)
            {
                IsAwaited = false;
                _answered?.Invoke();
            }
        }
    }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await _read();
            Failed = false;
        }
        catch (Exception error) when (InfrastructureFailure.Is(error) || (error is OperationCanceledException && !Left.IsCancellationRequested))
        {
            Failed = true;
            LogNotRead(_logger, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A part of a page could not be read or sent; it shows what it had and reads all of it again")]
    private static partial void LogNotRead(ILogger logger, Exception error);
}
