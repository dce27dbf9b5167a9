using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Scheduler.Placement;
using MaeLab.Storage;
using MaeLab.Storage.Runners;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Scheduler.Intake;

/// <summary>
/// Stores an experiment with all its runs, or says everything that is wrong with it. The same submission may come any
/// number of times: the experiment's id is its key.
/// </summary>
public sealed partial class SubmitExperimentConsumer(
    IDbContextFactory<MaeLabDb> databases, PlacementLoop placement, TimeProvider time, ILogger<SubmitExperimentConsumer> logger)
    : IConsumer<SubmitExperiment>
{
    public async Task Consume(ConsumeContext<SubmitExperiment> context)
    {
        var submission = context.Message;
        var outcome = await StoreAsync(submission, context.CancellationToken);
        if (outcome.Runs is { } runs)
        {
            placement.Wake();
            await context.Publish(new ExperimentAccepted(submission.ExperimentId, runs), context.CancellationToken);
        }
        else
        {
            LogRejected(submission.ExperimentId, submission.SubmittedBy, string.Join(" | ", outcome.Errors));
            var fields = outcome.Errors.Select(error => new RejectedField(error.Field, error.Message)).ToList();
            await context.Publish(new ExperimentRejected(submission.ExperimentId, fields), context.CancellationToken);
        }
    }

    private async Task<(int? Runs, IReadOnlyList<FieldError> Errors)> StoreAsync(SubmitExperiment submission, CancellationToken cancellationToken)
    {
        if (await FindRunCountAsync(submission.ExperimentId, cancellationToken) is { } known)
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
        db.Experiments.Add(ExperimentRows.Experiment(submission, plan.Value, now));
        db.Runs.AddRange(ExperimentRows.Runs(submission.ExperimentId, plan.Value, datasets, now));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // The same submission, delivered twice, may have been stored by another consumer in the meantime.
            if (await FindRunCountAsync(submission.ExperimentId, cancellationToken) is { } stored)
            {
                return (stored, []);
            }

            throw;
        }

        LogAccepted(submission.ExperimentId, plan.Value.Definition.Name, plan.Value.Runs.Count, submission.SubmittedBy);
        return (plan.Value.Runs.Count, []);
    }

    private async Task<int?> FindRunCountAsync(Guid experimentId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Experiments.Where(experiment => experiment.Id == experimentId)
            .Select(experiment => (int?)experiment.RunCount).SingleOrDefaultAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Accepted experiment {ExperimentId} '{Name}' with {Runs} runs from {SubmittedBy}")]
    private partial void LogAccepted(Guid experimentId, string name, int runs, string submittedBy);

    [LoggerMessage(LogLevel.Information, "Rejected experiment {ExperimentId} from {SubmittedBy}: {Errors}")]
    private partial void LogRejected(Guid experimentId, string submittedBy, string errors);
}
