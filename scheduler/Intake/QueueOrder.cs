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

    /// <summary>
    /// They take the place of another run and its priority: order counts among equal priorities only. To go before it, what stands there
    /// moves up by as many; to go behind it, what comes next moves down. So every place stays a whole number of its own.
    /// </summary>
    public async Task MoveAsync(MoveRuns command, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ofExperiment = db.RunsAndJobs.Where(run => run.ExperimentId == command.ExperimentId);
        var queued = ofExperiment.Where(run => run.State == RunState.Queued);
        var others = queued.Where(run => !command.RunIds.Contains(run.Id));
        var place = (command.After ?? command.Before) is { } target
            ? ofExperiment.Where(run => run.Id == target)
            : queued.OrderByDescending(run => run.Priority).ThenBy(run => run.Position).ThenBy(run => run.Index).Take(1);
        if (await place.Select(run => new { run.Position, run.Priority }).SingleOrDefaultAsync(cancellationToken) is not { } at)
        {
            // The run to go by is not of this experiment, or nothing waits.
            return;
        }

        var waiting = await queued.Where(run => command.RunIds.Contains(run.Id)).Select(run => run.Id).ToHashSetAsync(cancellationToken);
        Guid[] moved = [.. command.RunIds.Where(waiting.Contains).Distinct()];
        if (command.After is not null)
        {
            await others.Where(run => run.Position > at.Position)
                .ExecuteUpdateAsync(run => run.SetProperty(row => row.Position, row => row.Position + moved.Length), cancellationToken);
            await PlaceAsync(db, moved, at.Position + 1, at.Priority, cancellationToken);
        }
        else
        {
            await others.Where(run => run.Position < at.Position)
                .ExecuteUpdateAsync(run => run.SetProperty(row => row.Position, row => row.Position - moved.Length), cancellationToken);
            await PlaceAsync(db, moved, at.Position - moved.Length, at.Priority, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        await hints.ChangedAsync(command.ExperimentId, cancellationToken);
    }

    /// <summary>One statement where the database is another process; each costs next to nothing where it is a library.</summary>
    private static async Task PlaceAsync(MaeLabDb db, Guid[] moved, int first, int priority, CancellationToken cancellationToken)
    {
        if (db is PostgresDb)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                 UPDATE runs SET position = {first} + moved.place::int - 1, priority = {priority}
                 FROM unnest({moved}) WITH ORDINALITY AS moved(id, place) WHERE runs.id = moved.id
                 """,
                cancellationToken);
            return;
        }

        foreach (var (index, id) in moved.Index())
        {
            await db.RunsAndJobs.Where(run => run.Id == id)
                .ExecuteUpdateAsync(run => run.SetProperty(row => row.Position, first + index).SetProperty(row => row.Priority, priority), cancellationToken);
        }
    }

    private static IQueryable<RunRow> Open(MaeLabDb db, Guid experimentId) => db.RunsAndJobs.WhereOpen().Where(run => run.ExperimentId == experimentId);
}
