using MaeLab.Contracts.Commands;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Runs;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Scheduler.Intake;

/// <summary>
/// Puts checkpoints into the queue to be examined. The job of a checkpoint has one id, whoever asks how often, and that is what keeps it
/// from being made twice.
/// </summary>
public sealed partial class TheoryRequests(
    IDbContextFactory<MaeLabDb> databases, RunLifecycle lifecycle, RunHints hints, TimeProvider time, ILogger<TheoryRequests> logger)
{
    public async Task TakeAsync(Guid checkpointId, string requestedBy, CancellationToken cancellationToken)
    {
        var id = RunIds.OfTheory(checkpointId);
        if (await ExistsAsync(id, cancellationToken))
        {
            await lifecycle.ControlAsync(id, RunAction.Retry, requestedBy, cancellationToken);
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var asked = await db.Checkpoints.AsNoTracking().Where(checkpoint => checkpoint.Id == checkpointId && checkpoint.Complete)
            .Join(db.Runs, checkpoint => checkpoint.RunId, run => run.Id, (checkpoint, run) => new { checkpoint, run })
            .SingleOrDefaultAsync(cancellationToken);
        if (asked is null)
        {
            LogUnknown(checkpointId, requestedBy);
            return;
        }

        var job = db.Runs.Add(Job(id, asked.run, asked.checkpoint, time.GetUtcNow())).Entity;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // The same request, delivered twice, may have been taken by another consumer in the meantime.
            if (await ExistsAsync(id, cancellationToken))
            {
                return;
            }

            throw;
        }

        LogQueued(id, asked.run.Id, asked.checkpoint.Step, requestedBy);
        await hints.ChangedAsync(job, cancellationToken);
    }

    /// <summary>Where its run stands in the queue: before those runs of the experiment that come after it, since it takes seconds.</summary>
    private static RunRow Job(Guid id, RunRow run, CheckpointRow checkpoint, DateTimeOffset now) => new()
    {
        Id = id,
        Kind = RunKind.Theory,
        SubjectRunId = run.Id,
        CheckpointId = checkpoint.Id,
        CheckpointStep = checkpoint.Step,
        ExperimentId = run.ExperimentId,
        Index = run.Index,
        CellIndex = run.CellIndex,
        IsBaseline = run.IsBaseline,
        Levels = run.Levels,
        Recipe = run.Recipe,
        Seed = run.Seed,
        MaskRatio = run.MaskRatio,
        PatchSize = run.PatchSize,
        Dataset = run.Dataset,
        Device = run.Device,
        State = RunState.Queued,
        Priority = run.Priority,
        Position = run.Position,
        CreatedAt = now,
        NotBefore = now,
    };

    private async Task<bool> ExistsAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.RunsAndJobs.AnyAsync(run => run.Id == id, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Job {RunId} is to examine run {SubjectRunId} at step {Step} for {RequestedBy}")]
    private partial void LogQueued(Guid runId, Guid subjectRunId, long step, string requestedBy);

    [LoggerMessage(LogLevel.Warning, "Checkpoint {CheckpointId}, which {RequestedBy} wants examined, is not in the database, or its run was deleted; nothing is queued")]
    private partial void LogUnknown(Guid checkpointId, string requestedBy);
}
