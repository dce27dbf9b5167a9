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
/// Adds what an experiment lacks of a cell: all of it, or seeds whose runs were deleted. What is added comes after all others, with numbers of its own;
/// runs that failed or were cancelled are there, and are tried again instead.
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
            LogRefused(by, id, string.Join(" | ", outcome.Errors));
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

        var text = planned.Value.Cells[0].LevelsJson().ToJsonString();
        var present = await db.Runs.Where(run => run.ExperimentId == experimentId && run.Levels == text).Select(run => run.Seed).ToListAsync(cancellationToken);
        // Those that were deleted keep their numbers: they can be had back. RunCount knows of those too that were removed for good.
        var taken = db.Runs.IgnoreQueryFilters().Where(run => run.ExperimentId == experimentId);
        var firstRun = Math.Max(experiment.RunCount, 1 + (await taken.MaxAsync(run => (int?)run.Index, cancellationToken) ?? -1));
        var cell = await taken.Where(run => run.Levels == text).Select(run => new { run.CellIndex, run.IsBaseline }).FirstOrDefaultAsync(cancellationToken)
            ?? new
            {
                CellIndex = 1 + (await taken.MaxAsync(run => (int?)run.CellIndex, cancellationToken) ?? -1),
                IsBaseline = AblationPlan.Parse(experiment.Definition, datasets).Value?.Cells.Any(own => own.IsBaseline && own.LevelsJson().ToJsonString() == text) == true,
            };
        var plan = planned.Value.Joining(cell.CellIndex, cell.IsBaseline, firstRun, present);
        if (plan.Runs.Count == 0)
        {
            return (0, []);
        }

        var listed = await db.Runs.CountAsync(run => run.ExperimentId == experimentId, cancellationToken);
        if (listed + plan.Runs.Count > AblationPlan.MaxRuns || firstRun + plan.Runs.Count > RunIds.MaxRuns)
        {
            return (0, [new("levels", $"The experiment has {listed:#,0} runs, and has had {firstRun:#,0}; at most {AblationPlan.MaxRuns:#,0} and {RunIds.MaxRuns:#,0} are allowed.")]);
        }

        experiment.RunCount = firstRun + plan.Runs.Count;
        await db.SaveChangesAsync(cancellationToken);
        await db.BulkInsertAsync(ExperimentRows.Runs(experimentId, plan, datasets, time.GetUtcNow()), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (plan.Runs.Count, []);
    }

    [LoggerMessage(LogLevel.Information, "{Runs} runs that experiment {ExperimentId} lacked are queued for {RequestedBy}")]
    private partial void LogAdded(int runs, Guid experimentId, string requestedBy);

    [LoggerMessage(LogLevel.Warning, "What {RequestedBy} misses of a cell of experiment {ExperimentId} cannot be queued: {Errors}")]
    private partial void LogRefused(string requestedBy, Guid experimentId, string errors);
}
