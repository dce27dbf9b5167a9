using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Storage;
using MaeLab.Storage.Runners;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Scheduler.Intake;

/// <summary>
/// Stores an experiment with all its runs, or says everything that is wrong with it. The same submission may come any
/// number of times: the experiment's id is its key, and so is what its client calls the request.
/// </summary>
public sealed partial class SubmitExperimentConsumer(
    IDbContextFactory<MaeLabDb> databases, TimeProvider time, ILogger<SubmitExperimentConsumer> logger)
    : IConsumer<SubmitExperiment>
{
    public async Task Consume(ConsumeContext<SubmitExperiment> context)
    {
        var submission = context.Message;
        var outcome = await StoreAsync(submission, context.CancellationToken);
        if (outcome.Stored is { } stored)
        {
            var storedAs = stored.Id == submission.ExperimentId ? (Guid?)null : stored.Id;
            await context.Publish(new ExperimentAccepted(submission.ExperimentId, stored.Runs, storedAs), context.CancellationToken);
        }
        else
        {
            LogRejected(submission.ExperimentId, submission.SubmittedBy, string.Join(" | ", outcome.Errors));
            var fields = outcome.Errors.Select(error => new RejectedField(error.Field, error.Message)).ToList();
            await context.Publish(new ExperimentRejected(submission.ExperimentId, fields), context.CancellationToken);
        }
    }

    private async Task<(StoredExperiment? Stored, IReadOnlyList<FieldError> Errors)> StoreAsync(SubmitExperiment submission, CancellationToken cancellationToken)
    {
        if (await FindAsync(submission, cancellationToken) is { } known)
        {
            return (known, []);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var datasets = await DatasetCatalog.ReadAsync(db, cancellationToken);
        var plan = AblationPlan.Parse(submission.Definition, datasets);
        if (!plan.IsValid)
        {
            return (null, plan.Errors);
        }

        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Experiments.Add(ExperimentRows.Experiment(submission, plan.Value, now));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            await db.BulkInsertAsync(ExperimentRows.Runs(submission.ExperimentId, plan.Value, datasets, now), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // The same submission, delivered twice, may have been stored by another consumer in the meantime.
            if (await FindAsync(submission, cancellationToken) is { } stored)
            {
                return (stored, []);
            }

            throw;
        }

        LogAccepted(submission.ExperimentId, plan.Value.Definition.Name, plan.Value.Runs.Count, submission.SubmittedBy);
        return (new(submission.ExperimentId, plan.Value.Runs.Count), []);
    }

    private async Task<StoredExperiment?> FindAsync(SubmitExperiment submission, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Experiments
            .Where(experiment => experiment.Id == submission.ExperimentId
                || (submission.IdempotencyKey != null && experiment.IdempotencyKey == submission.IdempotencyKey))
            .Select(experiment => new StoredExperiment(experiment.Id, experiment.RunCount)).FirstOrDefaultAsync(cancellationToken);
    }

    private sealed record StoredExperiment(Guid Id, int Runs);

    [LoggerMessage(LogLevel.Information, "Accepted experiment {ExperimentId} '{Name}' with {Runs} runs from {SubmittedBy}")]
    private partial void LogAccepted(Guid experimentId, string name, int runs, string submittedBy);

    [LoggerMessage(LogLevel.Information, "Rejected experiment {ExperimentId} from {SubmittedBy}: {Errors}")]
    private partial void LogRejected(Guid experimentId, string submittedBy, string errors);
}
