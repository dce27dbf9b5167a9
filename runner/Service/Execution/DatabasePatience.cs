using MaeLab.Hosting.Bus;

namespace MaeLab.Runner.Execution;

/// <summary>
/// Does a thing with the database until it is done. An outage is waited for as long as it takes; another error is tried a
/// few more times and then given back, since waiting will not cure it.
/// </summary>
public sealed partial class DatabasePatience(TimeProvider time, ILogger<DatabasePatience> logger)
{
    private const int TriesForOtherErrors = 4;

    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(2);

    /// <param name="final">Errors that are an answer, not a failure.</param>
    public async Task<T> DoAsync<T>(
        string what, Func<CancellationToken, Task<T>> work, Func<Exception, bool> final, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromMilliseconds(200);
        for (int tries = 1, others = 0; ; tries++)
        {
            try
            {
                return await work(cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && !final(error))
            {
                // The database's own wrap what happened to their connection: a bare one is of a file, on this machine.
                var outage = InfrastructureFailure.Is(error) && error is not IOException;
                if (!outage && ++others >= TriesForOtherErrors)
                {
                    throw;
                }

                LogWaiting(error, what, tries, wait.TotalSeconds);
            }

            await Task.Delay(wait, time, cancellationToken);
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, s_longestWait.Ticks));
        }
    }

    public Task DoAsync(string what, Func<CancellationToken, Task> work, Func<Exception, bool> final, CancellationToken cancellationToken) =>
        DoAsync(
            what,
            async token =>
            {
                await work(token);
                return true;
            },
            final,
            cancellationToken);

    [LoggerMessage(LogLevel.Warning, "The database did not take {What} (try {Tries}); trying again in {Seconds:F1} s")]
    private partial void LogWaiting(Exception error, string what, int tries, double seconds);
}
