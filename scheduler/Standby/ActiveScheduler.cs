using MaeLab.Hosting.Background;
using MaeLab.Hosting.Startup;
using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MaeLab.Scheduler.Standby;

/// <summary>
/// Of several schedulers one is active: the one that holds the lock. It alone places runs and declares runners lost; the
/// others take over within seconds of its end. Commands and facts are consumed by all of them, since whatever they change
/// they change under the version of its row.
/// </summary>
public sealed partial class ActiveScheduler(
    IDbContextFactory<MaeLabDb> databases, StartupGate gate, TimeProvider time, ILogger<ActiveScheduler> logger)
    : LoopService(gate, time, logger), IHealthCheck
{
    /// <summary>For so long after it was seen the lock is taken to be ours; less than a silent session is left alive.</summary>
    private static readonly TimeSpan s_trusted = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_ask = TimeSpan.FromSeconds(1);

    private ProcessLock? _lock;
    private long _trustedUntil = long.MinValue;

    /// <summary>This process among several; names the queues that are its own.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>
    /// Asked before every step that only one may do. No longer true where the lock could not be confirmed in time: after a
    /// break of the connection, or of this process itself.
    /// </summary>
    public bool IsActive => Time.GetTimestamp() < Interlocked.Read(ref _trustedUntil);

    // Holding it takes its time by itself.
    protected override TimeSpan Every => _lock is null ? s_ask : TimeSpan.Zero;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy(IsActive ? "Active: places runs and watches runners." : "Standing by: another scheduler is active."));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await LetGoAsync();
    }

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        if (_lock is null)
        {
            var asked = Time.GetTimestamp();
            _lock = await ProcessLock.TryTakeAsync(databases, cancellationToken);
            if (_lock is null)
            {
                return;
            }

            Trust(asked);
            LogActive(Id);
        }

        try
        {
            var asked = Time.GetTimestamp();
            await _lock.HoldAsync(s_ask, cancellationToken);
            Trust(asked);
        }
        catch
        {
            await LetGoAsync();
            throw;
        }
    }

    private void Trust(long since) => Interlocked.Exchange(ref _trustedUntil, since + (long)(s_trusted.TotalSeconds * Time.TimestampFrequency));

    private async Task LetGoAsync()
    {
        Interlocked.Exchange(ref _trustedUntil, long.MinValue);
        if (_lock is { } held)
        {
            _lock = null;
            await held.DisposeAsync();
            LogStandingBy(Id);
        }
    }

    [LoggerMessage(LogLevel.Information, "Scheduler {Id} is the active one now")]
    private partial void LogActive(Guid id);

    [LoggerMessage(LogLevel.Information, "Scheduler {Id} is not active any more")]
    private partial void LogStandingBy(Guid id);
}
