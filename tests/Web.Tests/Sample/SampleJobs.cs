using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Sample;

/// <summary>Theory jobs as scheduler and runner would leave them.</summary>
internal sealed class SampleJobs(IDbContextFactory<MaeLabDb> databases, TimeProvider time)
{
    public const string Failure = "Data set 'photos' has no held-out images, and theory probes look at these: add a folder val.";
    public const int Probes = 9;

    /// <summary>The checkpoint at the end of a run.</summary>
    public async Task<Guid> AddCheckpointAsync(Guid runId, long step, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await new CheckpointStore(databases, time).SaveAsync(id, runId, 1, step, step / 31.0, final: true, new MemoryStream(new byte[100_000]), cancellationToken);
        return id;
    }

    /// <param name="values">What it found, by series.</param>
    public async Task<Guid> AddAsync(Guid checkpointId, RunState state, IReadOnlyList<(string Series, double Value)> values, CancellationToken cancellationToken)
    {
        var id = RunIds.OfTheory(checkpointId);
        long step;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            var checkpoint = await db.Checkpoints.AsNoTracking().SingleAsync(row => row.Id == checkpointId, cancellationToken);
            var run = await db.Runs.AsNoTracking().SingleAsync(row => row.Id == checkpoint.RunId, cancellationToken);
            step = checkpoint.Step;
            var begun = state is not RunState.Queued;
            db.Runs.Add(new()
            {
                Id = id,
                Kind = RunKind.Theory,
                SubjectRunId = run.Id,
                CheckpointId = checkpointId,
                CheckpointStep = step,
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
                State = state,
                Reason = state == RunState.Failed ? ReasonCode.BadData : ReasonCode.None,
                ReasonText = state == RunState.Failed ? Failure : null,
                Attempt = begun ? 1 : 0,
                RunnerId = begun ? SampleExperiment.Runner : null,
                CreatedAt = time.GetUtcNow(),
                NotBefore = time.GetUtcNow(),
                StartedAt = begun ? time.GetUtcNow() : null,
                EndedAt = state.IsFinal() ? time.GetUtcNow().AddSeconds(3) : null,
                Step = state == RunState.Completed ? Probes : begun ? 4 : 0,
                TotalSteps = begun ? Probes : 0,
            });
            if (begun)
            {
                db.RunAttempts.Add(new()
                {
                    RunId = id,
                    Number = 1,
                    RunnerId = SampleExperiment.Runner,
                    AssignedAt = time.GetUtcNow(),
                    StartedAt = time.GetUtcNow(),
                    EndedAt = state.IsFinal() ? time.GetUtcNow().AddSeconds(3) : null,
                    LeaseUntil = time.GetUtcNow().AddHours(1),
                    RestoreStep = step,
                    RestoreCheckpointId = checkpointId,
                });
            }

            await db.SaveChangesAsync(cancellationToken);
        }

        await WriteAsync(id, step, values, cancellationToken);
        return id;
    }

    private async Task WriteAsync(Guid id, long step, IReadOnlyList<(string Series, double Value)> values, CancellationToken cancellationToken)
    {
        if (values.Count == 0)
        {
            return;
        }

        var writer = await MetricWriter.OpenAsync(databases, id, attempt: 1, restoreStep: step, cancellationToken);
        writer.Add(values.Select(value => new MetricPoint(value.Series, step, value.Value)));
        writer.Account(values.Count, dropped: 0);
        await writer.FlushAsync(cancellationToken);
        var results = new RunResultStore(databases);
        await results.SaveEvaluationAsync(id, 1, step, [], [.. values.Select(value => new Storage.Model.ProbeResultRow
        {
            Id = Guid.CreateVersion7(),
            RunId = id,
            Attempt = 1,
            Step = step,
            Probe = value.Series,
            Value = value.Value,
            Details = """{"perLayer":[1,2]}""",
            CreatedAt = time.GetUtcNow(),
        })], cancellationToken);
        await results.AddLogsAsync(
            id, 1, [new() { RunId = id, Attempt = 1, Sequence = 1, At = time.GetUtcNow(), Level = "info", Text = "Examined the checkpoint of step 310 by 9 theory probes in 2.9 s." }], cancellationToken);
    }
}
