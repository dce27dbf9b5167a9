using System.Text.Json;
using MaeLab.Contracts.Commands;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Storage;
using MaeLab.Storage.Runners;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Scheduler.Intake;

/// <summary>
/// Adds a cell to an experiment that was submitted without it. Its runs come after all others, with numbers of their own.
/// </summary>
public sealed partial class QueueCellConsumer(
    IDbContextFactory<MaeLabDb> databases, RunHints hints, TimeProvider time, ILogger<QueueCellConsumer> logger) : IConsumer<QueueCell>
{
    public async Task Consume(ConsumeContext<QueueCell> context)
    {
        var (id, levels, by) = context.Message;
        var outcome = await AddAsync(id, levels, context.CancellationToken);
        if (outcome.Errors.Count > 0)
        {
            LogRefused(id, by, string.Join(" | ", outcome.Errors));
            return;
        }

        if (outcome.Added > 0)
        {
            LogAdded(outcome.Added, id, by);
            await hints.ChangedAsync(id, context.CancellationToken);
        }
    }

    private async Task<(int Added, IReadOnlyList<FieldError> Errors)> AddAsync(
        Guid experimentId, IReadOnlyDictionary<string, string> levels, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Changes nothing, and lets two requests at once look one after the other: they would take the same numbers, or both find the cell missing.
        await db.Experiments.Where(row => row.Id == experimentId).ExecuteUpdateAsync(row => row.SetProperty(r => r.RunCount, r => r.RunCount), cancellationToken);
        if (await db.Experiments.SingleOrDefaultAsync(row => row.Id == experimentId, cancellationToken) is not { } experiment)
        {
            return (0, [new("experimentId", "There is no such experiment.")]);
        }

        var axes = JsonSerializer.Deserialize<List<Axis>>(experiment.Axes, JsonDefaults.Options)!;
        var datasets = await DatasetCatalog.ReadAsync(db, cancellationToken);
        var planned = AblationPlan.OfCell(experiment.Definition, axes, levels, datasets);
        if (!planned.IsValid)
        {
            return (0, planned.Errors);
        }

        var plan = planned.Value;
        var text = plan.Cells[0].LevelsJson().ToJsonString();
        if (await db.Runs.AnyAsync(run => run.ExperimentId == experimentId && run.Levels == text, cancellationToken))
        {
            return (0, []);
        }

        // Those that were deleted keep their numbers: they can be had back.
        var taken = db.Runs.IgnoreQueryFilters().Where(run => run.ExperimentId == experimentId);
        var (firstIndex, cell) = (1 + await taken.MaxAsync(run => run.Index, cancellationToken), 1 + await taken.MaxAsync(run => run.CellIndex, cancellationToken));
        if (firstIndex + plan.Runs.Count > AblationPlan.MaxRuns)
        {
            return (0, [new("levels", $"The experiment has {firstIndex:#,0} runs; at most {AblationPlan.MaxRuns:#,0} are allowed.")]);
        }

        plan = plan.At(cell, firstIndex);
        experiment.RunCount += plan.Runs.Count;
        await db.SaveChangesAsync(cancellationToken);
        await db.BulkInsertAsync(ExperimentRows.Runs(experimentId, plan, datasets, time.GetUtcNow()), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (plan.Runs.Count, []);
    }

    [LoggerMessage(LogLevel.Information, "{Runs} runs of another cell of experiment {ExperimentId} are queued for {RequestedBy}")]
    private partial void LogAdded(int runs, Guid experimentId, string requestedBy);

    [LoggerMessage(LogLevel.Warning, "Another cell of experiment {ExperimentId}, which {RequestedBy} wants, cannot be queued: {Errors}")]
    private partial void LogRefused(Guid experimentId, string requestedBy, string errors);
}
