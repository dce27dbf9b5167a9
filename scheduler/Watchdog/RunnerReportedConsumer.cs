using MaeLab.Contracts.Facts;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Scheduler.Placement;
using MaeLab.Scheduler.Standby;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runners;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Watchdog;

/// <summary>
/// A runner lives and says what it holds. Renews the leases of what is its own, tells it to drop what is not, and takes
/// back what it should hold but does not know of. Every scheduler hears it, the active one acts on it.
/// </summary>
public sealed partial class RunnerReportedConsumer(
    IDbContextFactory<MaeLabDb> databases, RunLifecycle lifecycle, RunnerOrders orders, PlacementLoop placement, ForeignAttempts foreign,
    ActiveScheduler self, IOptions<SchedulerOptions> options, TimeProvider time, ILogger<RunnerReportedConsumer> logger)
    : IConsumer<RunnerReported>
{
    public async Task Consume(ConsumeContext<RunnerReported> context)
    {
        var report = context.Message;
        var cancellationToken = context.CancellationToken;
        if (!self.IsActive || !await SaveRunnerAsync(report, cancellationToken))
        {
            return;
        }

        var own = await ReadOwnAsync(report.RunnerId, cancellationToken);
        await RenewAsync(report, own, cancellationToken);
        var refused = 0;
        foreach (var held in report.Held.Where(held => !own.ContainsKey(held)))
        {
            refused += await RefuseAsync(held, report.RunnerId, cancellationToken) ? 1 : 0;
        }

        if (foreign.Set(report.RunnerId, refused))
        {
            placement.Wake();
        }

        foreach (var (attempt, intent) in own.Values.Where(entry => entry.Run.State == RunState.Stopping).Select(entry => (entry.Attempt, entry.Run.StopIntent)))
        {
            await orders.StopAsync(attempt, intent, cancellationToken);
        }

        foreach (var (held, _) in own.Where(entry => IsDue(entry.Value.Attempt.AssignedAt, report) && !report.Held.Contains(entry.Key)))
        {
            if (!await lifecycle.EndedAsync(held.RunId, held.Attempt, cancellationToken))
            {
                await lifecycle.LostAsync(held.RunId, held.Attempt, "its runner does not know of it", _ => true, cancellationToken);
            }
        }
    }

    /// <summary>The order must have arrived before the report was written. An assignment in the future: the wall clock was set back.</summary>
    private bool IsDue(DateTimeOffset assignedAt, RunnerReported report) =>
        assignedAt < WrittenAt(report) - options.Value.AssignmentGrace || assignedAt > time.GetUtcNow() + options.Value.Lease;

    /// <summary>
    /// A report that waited says nothing of what was ordered meanwhile. By the runner's clock, so only as far as a report can
    /// have waited: one that is slow by an hour must not hide a lost order for as long.
    /// </summary>
    private DateTimeOffset WrittenAt(RunnerReported report)
    {
        var now = time.GetUtcNow();
        var earliest = now - SchedulerConsumers.FactsKept;
        return report.At > now ? now : report.At < earliest ? earliest : report.At;
    }

    /// <returns>False where the attempt has ended by itself.</returns>
    private async Task<bool> RefuseAsync(HeldAttempt held, Guid runnerId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.AttemptOutcomes.AnyAsync(outcome => outcome.RunId == held.RunId && outcome.Attempt == held.Attempt, cancellationToken))
        {
            // It ended after this report was written.
            return false;
        }

        LogForeign(held.RunId, held.Attempt, runnerId);
        await orders.StopAsync(held.RunId, held.Attempt, runnerId, saveCheckpoint: false, cancellationToken);
        return true;
    }

    /// <returns>False for a report that a newer one has overtaken.</returns>
    private async Task<bool> SaveRunnerAsync(RunnerReported report, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var row = await db.Runners.SingleOrDefaultAsync(runner => runner.Id == report.RunnerId, cancellationToken);
        if (row is not null && IsOvertaken(report, row, now))
        {
            return false;
        }

        var datasets = DatasetCatalog.Write(report.Datasets.Select(dataset => new DatasetInfo(
            dataset.Name, dataset.Channels, dataset.Size, dataset.Classes, dataset.TrainImages, dataset.ProbeImages)));
        if (row is null)
        {
            LogJoined(report.Name, report.RunnerId, report.Slots, report.Device);
            row = db.Runners.Add(new() { Id = report.RunnerId, Name = report.Name, Device = report.Device, Datasets = datasets, FirstSeenAt = now }).Entity;
        }

        var cameBack = now - row.LastSeenAt > options.Value.Lease;
        (row.Name, row.Device, row.Cores, row.MemoryBytes) = (report.Name, report.Device, report.Cores, report.MemoryBytes);
        (row.Slots, row.Draining, row.Datasets) = (report.Slots, report.Draining, datasets);
        var offersMore = cameBack || db.Entry(row).State != EntityState.Unchanged;
        row.GigaflopsPerSecond = report.GigaflopsPerSecond ?? row.GigaflopsPerSecond;
        (row.LastSeenAt, row.ProcessStartedAt, row.LastSequence) = (now, report.StartedAt, report.Sequence);
        await db.SaveChangesAsync(cancellationToken);
        if (offersMore)
        {
            placement.Wake();
        }

        return true;
    }

    /// <summary>
    /// Of an older life of the runner, or an earlier report of the same life. Where nothing has been heard for a lease, the
    /// "older" life is a runner whose clock went back, and is believed.
    /// </summary>
    private bool IsOvertaken(RunnerReported report, RunnerRow row, DateTimeOffset now)
    {
        // The database keeps microseconds only.
        var older = row.ProcessStartedAt - report.StartedAt;
        return older.Duration() < TimeSpan.FromMilliseconds(1)
            ? report.Sequence <= row.LastSequence
            : older > TimeSpan.Zero && now - row.LastSeenAt < options.Value.Lease;
    }

    private async Task<Dictionary<HeldAttempt, (RunRow Run, RunAttemptRow Attempt)>> ReadOwnAsync(Guid runnerId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.RunsAndJobs.AsNoTracking().Where(run => run.RunnerId == runnerId)
            .Where(run => run.State == RunState.Assigned || run.State == RunState.Running || run.State == RunState.Stopping)
            .Join(db.RunAttempts.AsNoTracking(), run => new { RunId = run.Id, Number = run.Attempt }, attempt => new { attempt.RunId, attempt.Number },
                (run, attempt) => new { run, attempt })
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(row => new HeldAttempt(row.run.Id, row.attempt.Number), row => (row.run, row.attempt));
    }

    private async Task RenewAsync(
        RunnerReported report, Dictionary<HeldAttempt, (RunRow Run, RunAttemptRow Attempt)> own, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var until = time.GetUtcNow() + options.Value.Lease;
        foreach (var held in report.Held.Where(own.ContainsKey))
        {
            await db.RunAttempts.Where(attempt => attempt.RunId == held.RunId && attempt.Number == held.Attempt && attempt.EndedAt == null)
                .ExecuteUpdateAsync(attempt => attempt.SetProperty(row => row.LeaseUntil, until), cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Runner {Name} ({RunnerId}) joined with {Slots} slots on {Device}")]
    private partial void LogJoined(string name, Guid runnerId, int slots, string device);

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: runner {RunnerId} still holds attempt {Attempt}, which is not its own any more; it is told to stop")]
    private partial void LogForeign(Guid runId, int attempt, Guid runnerId);
}
