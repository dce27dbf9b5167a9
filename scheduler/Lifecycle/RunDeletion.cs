using MaeLab.Contracts.Commands;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Scheduler.Lifecycle;

/// <summary>
/// Runs are deleted in two steps: hidden at once, which can be undone, and removed for good once their term is over. Only
/// runs that are over are deleted, so that nothing hidden is trained and nothing restored surprises the queue.
/// </summary>
public sealed partial class RunDeletion(
    IDbContextFactory<MaeLabDb> databases, RunLifecycle lifecycle, RunHints hints, TimeProvider time, ILogger<RunDeletion> logger)
{
    public async Task DeleteAsync(IReadOnlyList<Guid> runIds, string requestedBy, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = time.GetUtcNow();
        // The version rises: a retry under way then finds that the run has changed.
        var deleted = await ChangeAsync(
            runIds,
            (db, ids) => db.Runs.WhereFinal().Where(run => ids.Contains(run.Id))
                .ExecuteUpdateAsync(run => run.SetProperty(row => row.DeletedAt, now).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken),
            cancellationToken);
        await CancelJobsAsync(runIds, requestedBy, cancellationToken);
        LogDeleted(deleted, runIds.Count, requestedBy);
    }

    public async Task RestoreAsync(IReadOnlyList<Guid> runIds, string requestedBy, CancellationToken cancellationToken)
    {
        var restored = await ChangeAsync(
            runIds,
            (db, ids) => Deleted(db).Where(run => ids.Contains(run.Id)).ExecuteUpdateAsync(
                run => run.SetProperty(row => row.DeletedAt, (DateTimeOffset?)null).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken),
            cancellationToken);
        LogRestored(restored, runIds.Count, requestedBy);
    }

    /// <summary>
    /// Removes what was deleted before the given moment, with all that hangs on it. A run at a time: its checkpoints may be large, and
    /// others want to write too.
    /// </summary>
    /// <returns>How many runs.</returns>
    public async Task<int> RemoveAsync(DateTimeOffset deletedBefore, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var due = await Deleted(db).Where(run => run.DeletedAt < deletedBefore).Select(run => run.Id).ToListAsync(cancellationToken);
        var removed = 0;
        foreach (var id in due)
        {
            // Asked again: it may have been restored meanwhile.
            removed += await Deleted(db).Where(run => run.Id == id && run.DeletedAt < deletedBefore).ExecuteDeleteAsync(cancellationToken);
        }

        return removed;
    }

    private async Task<int> ChangeAsync(
        IReadOnlyList<Guid> runIds, Func<MaeLabDb, IReadOnlyList<Guid>, Task<int>> change, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var experiments = await db.Runs.IgnoreQueryFilters().Where(run => runIds.Contains(run.Id))
            .Select(run => run.ExperimentId).Distinct().ToListAsync(cancellationToken);
        var changed = await change(db, runIds);
        foreach (var experiment in experiments)
        {
            await hints.ChangedAsync(experiment, cancellationToken);
        }

        return changed;
    }

    /// <summary>Nothing is found out any more about runs that are hidden. What was found already is seen with its run only, and goes with it.</summary>
    private async Task CancelJobsAsync(IReadOnlyList<Guid> runIds, string requestedBy, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var open = await db.RunsAndJobs.WhereOpen()
            .Where(job => job.SubjectRunId != null && runIds.Contains(job.SubjectRunId.Value) && Deleted(db).Any(run => run.Id == job.SubjectRunId))
            .Select(job => job.Id).ToListAsync(cancellationToken);
        foreach (var id in open)
        {
            await lifecycle.ControlAsync(id, RunAction.Cancel, requestedBy, cancellationToken);
        }
    }

    private static IQueryable<RunRow> Deleted(MaeLabDb db) => db.Runs.IgnoreQueryFilters().Where(run => run.DeletedAt != null);

    [LoggerMessage(LogLevel.Information, "Deleted {Deleted} of {Asked} runs for {RequestedBy}; the others are not over, or deleted already")]
    private partial void LogDeleted(int deleted, int asked, string requestedBy);

    [LoggerMessage(LogLevel.Information, "Restored {Restored} of {Asked} runs for {RequestedBy}")]
    private partial void LogRestored(int restored, int asked, string requestedBy);
}
