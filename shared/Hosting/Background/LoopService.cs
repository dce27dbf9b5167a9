using MaeLab.Hosting.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MaeLab.Hosting.Background;

/// <summary>
/// Work that is done again and again, on a timer and whenever woken. A turn that fails is logged and tried again at
/// the next one: the surroundings come back, and nothing may end the loop but the end of the process.
/// </summary>
public abstract partial class LoopService(StartupGate gate, TimeProvider time, ILogger logger) : BackgroundService
{
    private readonly WakeSignal _wake = new();

    protected abstract TimeSpan Every { get; }

    protected TimeProvider Time { get; } = time;

    public void Wake() => _wake.Wake();

    protected abstract Task TurnAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.WaitAsync(stoppingToken);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TurnAsync(stoppingToken);
                failures = 0;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, error, GetType().Name, ++failures);
            }

            await _wake.WaitAsync(Every, Time, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Loop} failed, {Failures} times in a row; trying again")]
    private static partial void LogFailed(ILogger logger, Exception error, string loop, int failures);
}
