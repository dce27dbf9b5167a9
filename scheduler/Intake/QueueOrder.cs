using MaeLab.Contracts.Commands;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Runs;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Scheduler.Intake;

/// <summary>
/// Where experiments and runs stand in the queue. These columns are written here alone, so a change takes one statement
/// and does not raise the versions of the rows.
/// </summary>
public sealed class QueueOrder(IDbContextFactory<MaeLabDb> databases, RunHints hints)
{
    public async Task ChangeAsync(ChangeExperiment command, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (command.Weight is { } weight)
        {
            var valid = Math.Clamp(weight, DefinitionRules.MinWeight, DefinitionRules.MaxWeight);
            await db.Experiments.Where(experiment => experiment.Id == command.ExperimentId)
                .ExecuteUpdateAsync(experiment => experiment.SetProperty(row => row.Weight, valid), cancellationToken);
        }

        if (command.Priority is { } priority)
        {
            await db.Experiments.Where(experiment => experiment.Id == command.ExperimentId)
                .ExecuteUpdateAsync(experiment => experiment.SetProperty(row => row.Priority, priority), cancellationToken);
            await Open(db, command.ExperimentId).ExecuteUpdateAsync(run => run.SetProperty(row => row.Priority, priority), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        await hints.ChangedAsync(command.ExperimentId, cancellationToken);
    }

    public async Task PrioritizeAsync(PrioritizeRuns command, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await Open(db, command.ExperimentId).Where(run => command.RunIds.Contains(run.Id))
            .ExecuteUpdateAsync(run => run.SetProperty(row => row.Priority, command.Priority), cancellationToken);
        await hints.ChangedAsync(command.ExperimentId, cancellationToken);
    }

    /// <summary>Those that stand before the place move up by as many as come in between, so that every place stays a whole number of its own.</summary>
    public async Task MoveAsync(MoveRuns command, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var queued = db.RunsAndJobs.Where(run => run.ExperimentId == command.ExperimentId && run.State == RunState.Queued && !command.RunIds.Contains(run.Id));
        var place = command.Before is { } before
            ? await db.RunsAndJobs.Where(run => run.ExperimentId == command.ExperimentId && run.Id == before).Select(run => (int?)run.Position).SingleOrDefaultAsync(cancellationToken)
            : await queued.MinAsync(run => (int?)run.Position, cancellationToken);
        if (place is not { } at)
        {
            // The run to go before is not of this experiment, or nothing else waits.
            return;
        }

        var moved = await db.RunsAndJobs.Where(run => run.ExperimentId == command.ExperimentId && run.State == RunState.Queued && command.RunIds.Contains(run.Id))
            .Select(run => run.Id).ToListAsync(cancellationToken);
        await queued.Where(run => run.Position < at)
            .ExecuteUpdateAsync(run => run.SetProperty(row => row.Position, row => row.Position - moved.Count), cancellationToken);
        foreach (var (id, position) in command.RunIds.Where(moved.Contains).Distinct().Select((id, index) => (id, at - moved.Count + index)))
        {
            await db.RunsAndJobs.Where(run => run.Id == id).ExecuteUpdateAsync(run => run.SetProperty(row => row.Position, position), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        await hints.ChangedAsync(command.ExperimentId, cancellationToken);
    }

    private static IQueryable<RunRow> Open(MaeLabDb db, Guid experimentId) => db.RunsAndJobs.WhereOpen().Where(run => run.ExperimentId == experimentId);
}
