using System.Text.Json.Nodes;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Theory;

/// <summary>Reads which checkpoints were to be examined, and how far that is.</summary>
public sealed class TheoryJobReader(IDbContextFactory<MaeLabDb> databases)
{
    /// <returns>Of the newest checkpoint first.</returns>
    public async Task<IReadOnlyList<TheoryJob>> OfRunAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Select(db.Jobs().Where(job => job.SubjectRunId == runId).OrderByDescending(job => job.CheckpointStep).ThenByDescending(job => job.Id))
            .ToListAsync(cancellationToken);
    }

    /// <summary>In the order of the runs; those that have no final checkpoint yet are left out.</summary>
    public async Task<IReadOnlyList<FinalCheckpoint>> OfExperimentAsync(Guid experimentId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var final = await db.Runs.Where(run => run.ExperimentId == experimentId)
            .Join(db.Checkpoints.Where(checkpoint => checkpoint.Final && checkpoint.Complete), run => run.Id, checkpoint => checkpoint.RunId,
                (run, checkpoint) => new { run.Index, checkpoint.RunId, checkpoint.Id, checkpoint.Attempt })
            .OrderBy(checkpoint => checkpoint.Index).ToListAsync(cancellationToken);
        var jobs = await Select(db.Jobs().Where(job => job.ExperimentId == experimentId)).ToDictionaryAsync(job => job.CheckpointId, cancellationToken);
        return [.. final.GroupBy(checkpoint => checkpoint.RunId).Select(own => own.MaxBy(checkpoint => checkpoint.Attempt)!)
            .Select(checkpoint => new FinalCheckpoint(checkpoint.Id, checkpoint.RunId, checkpoint.Index, jobs.GetValueOrDefault(checkpoint.Id)))];
    }

    /// <summary>What the jobs have found so far.</summary>
    public async Task<ILookup<Guid, TheoryJobResult>> ResultsAsync(IReadOnlyCollection<Guid> jobIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await db.ProbeResults.AsNoTracking().Where(result => jobIds.Contains(result.RunId)).OrderBy(result => result.Probe).ToListAsync(cancellationToken))
            .ToLookup(result => result.RunId, result => new TheoryJobResult(result.Probe, Format.Finite(result.Value), JsonNode.Parse(result.Details)));
    }

    private static IQueryable<TheoryJob> Select(IQueryable<RunRow> jobs) => jobs.Select(job => new TheoryJob(
        job.Id, job.SubjectRunId!.Value, job.CheckpointId!.Value, job.CheckpointStep!.Value, job.State, job.StopIntent, RunSummary.ReasonWord(job.Reason), job.ReasonText,
        job.Step, job.TotalSteps, job.CreatedAt, job.StartedAt, job.EndedAt));
}
