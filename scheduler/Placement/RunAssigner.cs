using MaeLab.Domain.Runs;
using MaeLab.Hosting.Telemetry;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Placement;

/// <summary>Opens a new attempt of a run: number, lease and restore point in one transaction, then the order to the runner.</summary>
public sealed partial class RunAssigner(
    IDbContextFactory<MaeLabDb> databases, RunnerOrders orders, RunHints hints, TimeProvider time,
    IOptions<SchedulerOptions> options, ILogger<RunAssigner> logger)
{
    public async Task AssignAsync(Guid runId, Guid runnerId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var run = await db.RunsAndJobs.SingleAsync(row => row.Id == runId, cancellationToken);
        using var step = RunTrace.Start("assign run", run.ExperimentId, runId, run.Attempt + 1);
        var (now, version) = (time.GetUtcNow(), run.Version);
        if (!RunRules.Apply(run, attempt: null, RunTrigger.Assign, now))
        {
            return;
        }

        var restore = await RestorePointAsync(db, run, cancellationToken);
        run.Attempt++;
        run.RunnerId = runnerId;
        db.RunAttempts.Add(new()
        {
            RunId = runId,
            Number = run.Attempt,
            RunnerId = runnerId,
            AssignedAt = now,
            LeaseUntil = now + options.Value.Lease,
            RestoreStep = restore.Step,
            RestoreCheckpointId = restore.CheckpointId,
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Somebody cancelled it meanwhile, or placed it: then the number of our attempt is taken before the run's version
            // is compared. The next turn sees how it stands.
            if (await IsStillAsync(runId, version, cancellationToken))
            {
                throw;
            }

            return;
        }

        LogAssigned(runId, run.Attempt, runnerId, restore.Step);
        await Task.WhenAll(orders.StartAsync(run, runnerId, cancellationToken), hints.ChangedAsync(run, cancellationToken));
    }

    /// <summary>A job always begins with its checkpoint, and whether that is still there its runner will see; a run goes on from its newest one.</summary>
    private static async Task<(Guid? CheckpointId, long Step)> RestorePointAsync(MaeLabDb db, RunRow run, CancellationToken cancellationToken)
    {
        if (run.Kind == RunKind.Theory)
        {
            return (run.CheckpointId, run.CheckpointStep!.Value);
        }

        var newest = run.Attempt == 0 ? null // never ran
            : await db.Checkpoints.AsNoTracking().Where(checkpoint => checkpoint.RunId == run.Id && checkpoint.Complete)
                .OrderByDescending(checkpoint => checkpoint.Step).ThenByDescending(checkpoint => checkpoint.Attempt)
                .Select(checkpoint => new { checkpoint.Id, checkpoint.Step }).FirstOrDefaultAsync(cancellationToken);
        return (newest?.Id, newest?.Step ?? 0);
    }

    private async Task<bool> IsStillAsync(Guid runId, int version, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.RunsAndJobs.AnyAsync(run => run.Id == runId && run.Version == version, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId}: attempt {Attempt} goes to runner {RunnerId}, from step {RestoreStep}")]
    private partial void LogAssigned(Guid runId, int attempt, Guid runnerId, long restoreStep);
}
