using MaeLab.Domain.Runs;
using MaeLab.Hosting.Background;
using MaeLab.Hosting.Startup;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Scheduler.Standby;
using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Watchdog;

/// <summary>
/// Finds what no message told: outcomes that were stored but whose fact was lost, and attempts whose lease has run out.
/// </summary>
public sealed partial class LeaseWatch(
    IDbContextFactory<MaeLabDb> databases, RunLifecycle lifecycle, RunnerSilence silence, ActiveScheduler self,
    IOptions<SchedulerOptions> options, StartupGate gate, TimeProvider time, ILogger<LeaseWatch> logger)
    : LoopService(gate, time, logger)
{
    private static readonly TimeSpan s_lookAhead = TimeSpan.FromMinutes(1);

    private bool _lastTurnWorked;
    private long? _lookedAhead;

    protected override TimeSpan Every => options.Value.WatchEvery;

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        // Reports reach us through the broker and are kept in the database: with either away every runner seems silent.
        silence.Look(longestGap: options.Value.Lease / 3);
        if (!_lastTurnWorked)
        {
            silence.WasDeaf();
        }

        _lastTurnWorked = false;
        if (!self.IsActive)
        {
            return;
        }

        await ApplyOutcomesAsync(cancellationToken);
        await TakeBackAsync(cancellationToken);
        if (_lookedAhead is not { } looked || Time.GetElapsedTime(looked) > s_lookAhead)
        {
            await EndLongWaitsAsync(cancellationToken);
            _lookedAhead = Time.GetTimestamp();
        }

        _lastTurnWorked = true;
    }

    /// <summary>What is to wait for longer than any back-off was told so before the wall clock was set back.</summary>
    private async Task EndLongWaitsAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (now, latest) = (Time.GetUtcNow(), Time.GetUtcNow() + RunRules.LongestBackOff);
        await db.RunsAndJobs.Where(run => run.State == RunState.Queued && run.NotBefore > latest)
            .ExecuteUpdateAsync(run => run.SetProperty(row => row.NotBefore, now), cancellationToken);
    }

    private async Task ApplyOutcomesAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ended = await db.RunAttempts.Where(attempt => attempt.EndedAt == null)
            .Join(db.AttemptOutcomes, attempt => new { attempt.RunId, attempt.Number }, outcome => new { outcome.RunId, Number = outcome.Attempt },
                (attempt, outcome) => new { attempt.RunId, attempt.Number })
            .ToListAsync(cancellationToken);
        foreach (var attempt in ended)
        {
            await TryAsync(attempt.RunId, () => lifecycle.EndedAsync(attempt.RunId, attempt.Number, cancellationToken), cancellationToken);
        }
    }

    private async Task TakeBackAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var held = await db.RunAttempts.AsNoTracking().Where(attempt => attempt.EndedAt == null).ToListAsync(cancellationToken);
        foreach (var attempt in held.Where(attempt => IsLapsed(attempt.LeaseUntil) && silence.Of(attempt.RunnerId) >= options.Value.Lease))
        {
            var why = $"no report from its runner for {silence.Of(attempt.RunnerId).TotalSeconds:F0} s";
            await TryAsync(
                attempt.RunId,
                () => lifecycle.LostAsync(attempt.RunId, attempt.Number, why, current => IsLapsed(current.LeaseUntil), cancellationToken),
                cancellationToken);
        }
    }

    /// <summary>A run that cannot be changed now, since somebody holds its row for example, must not keep us from the others.</summary>
    private async Task TryAsync(Guid runId, Func<Task> change, CancellationToken cancellationToken)
    {
        try
        {
            await change();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotChanged(error, runId);
        }
    }

    /// <summary>Past, or further ahead than any renewal puts it: then the wall clock was set back.</summary>
    private bool IsLapsed(DateTimeOffset leaseUntil)
    {
        var now = Time.GetUtcNow();
        return leaseUntil < now || leaseUntil > now + (2 * options.Value.Lease);
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId} could not be changed; trying again at the next turn")]
    private partial void LogNotChanged(Exception error, Guid runId);
}
