using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Web.Features.Annotations;
using MaeLab.Web.Features.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Run;

/// <summary>Reads all that the page of one run shows beside its curves.</summary>
public sealed class RunDetailReader(IDbContextFactory<MaeLabDb> databases, RunReader runs, AnnotationStore annotations)
{
    private static readonly string[] s_classifiers =
        [SeriesNames.LinearAccuracy, SeriesNames.LarsAccuracy, SeriesNames.KnnAccuracy, SeriesNames.FineTuneAccuracy, SeriesNames.ScratchAccuracy];

    /// <returns>Null where there is no such run.</returns>
    public async Task<RunDetail?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(id, cancellationToken) is not { } summary)
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.RunsAndJobs.Where(run => run.Id == id)
            .Join(db.Experiments, run => run.ExperimentId, experiment => experiment.Id,
                (run, experiment) => new { run.Kind, run.SubjectRunId, run.CheckpointStep, run.Recipe, run.StopIntent, experiment.Definition })
            .SingleAsync(cancellationToken);
        var names = await db.Runners.ToDictionaryAsync(runner => runner.Id, runner => runner.Name, cancellationToken);
        var outcomes = await db.AttemptOutcomes.AsNoTracking().Where(outcome => outcome.RunId == id)
            .ToDictionaryAsync(outcome => outcome.Attempt, cancellationToken);
        var ledgers = await db.PointLedgers.Where(ledger => ledger.RunId == id)
            .ToDictionaryAsync(ledger => ledger.Attempt, ledger => new PointLedger(ledger.Produced, ledger.Stored, ledger.Dropped), cancellationToken);
        var attempts = await db.RunAttempts.AsNoTracking().Where(attempt => attempt.RunId == id)
            .OrderByDescending(attempt => attempt.Number).ToListAsync(cancellationToken);
        var said = await annotations.FindAsync(id, cancellationToken);
        return new(summary)
        {
            Tags = said.Tags,
            Archived = said.Archived,
            Note = said.Note,
            StopIntent = row.StopIntent,
            Kind = row.Kind,
            SubjectRunId = row.SubjectRunId,
            CheckpointStep = row.CheckpointStep,
            Recipe = RecipeJson.Read(row.Recipe),
            Preset = JsonNode.Parse(row.Definition)?["preset"]?.GetValue<string>() ?? Presets.Default,
            RunnerName = summary.RunnerId is { } runner ? names.GetValueOrDefault(runner) : null,
            Attempts = [.. attempts.Select(attempt =>
            {
                var outcome = outcomes.GetValueOrDefault(attempt.Number);
                return new AttemptSummary(
                    attempt.Number, attempt.RunnerId, names.GetValueOrDefault(attempt.RunnerId),
                    attempt.AssignedAt, attempt.StartedAt, attempt.EndedAt, attempt.RestoreStep, outcome?.Outcome, attempt.StoppedBy, outcome?.Message,
                    ledgers.GetValueOrDefault(attempt.Number));
            })],
        };
    }

    /// <summary>Complete checkpoints, newest first.</summary>
    public async Task<IReadOnlyList<CheckpointSummary>> CheckpointsAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Checkpoints.AsNoTracking().Where(row => row.RunId == runId && row.Complete)
            .OrderByDescending(row => row.Step).ThenByDescending(row => row.Attempt)
            .Select(row => new CheckpointSummary(row.Id, row.Attempt, row.Step, row.Epoch, row.Final, row.SizeBytes, row.Sha256, row.CreatedAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>By step, gallery image and kind; the pictures themselves have addresses of their own.</summary>
    public async Task<IReadOnlyList<ImageSummary>> ImagesAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Images.AsNoTracking().Where(row => row.RunId == runId)
            .OrderBy(row => row.Step).ThenBy(row => row.GalleryIndex).ThenBy(row => row.Kind)
            .Select(row => new ImageSummary(row.Id, row.Attempt, row.Step, row.Kind, row.GalleryIndex, row.Width, row.Height, row.CreatedAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The newest result of every classifier, those of frozen features first.</summary>
    public async Task<IReadOnlyList<ClassificationSummary>> ClassificationsAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = db.ProbeResults.AsNoTracking().Where(row => row.RunId == runId && s_classifiers.Contains(row.Probe));

        // A confusion matrix is large beside its key, and most of them are old.
        var newest = (await rows.Select(row => new { row.Id, row.Probe, row.Attempt, row.Step }).ToListAsync(cancellationToken))
            .GroupBy(row => row.Probe).Select(results => results.OrderBy(row => row.Attempt).ThenBy(row => row.Step).Last().Id).ToList();
        return [.. (await rows.Where(row => newest.Contains(row.Id)).ToListAsync(cancellationToken))
            .OrderBy(row => Array.IndexOf(s_classifiers, row.Probe))
            .Select(row => new ClassificationSummary(
                row.Probe, row.Attempt, row.Step, row.Value, JsonSerializer.Deserialize<ClassificationDetails>(row.Details, JsonDefaults.Options)!))];
    }

    /// <returns>The picture; null where there is no such image.</returns>
    /// <returns>Null where there is no such image, or its run was deleted.</returns>
    public async Task<byte[]?> ImageAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Images.Where(row => row.Id == id && db.Runs.Any(run => run.Id == row.RunId)).Select(row => row.Png).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The newest lines, oldest of them first.</summary>
    public async Task<IReadOnlyList<LogLine>> LogsAsync(Guid runId, int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var lines = db.RunLogs.AsNoTracking().Where(line => line.RunId == runId);
        var newest = await Select(lines.OrderByDescending(line => line.Id).Take(limit)).ToListAsync(cancellationToken);
        newest.Reverse();
        return newest;
    }

    /// <summary>The lines that follow the given one.</summary>
    public async Task<IReadOnlyList<LogLine>> LogsAfterAsync(Guid runId, long after, int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var lines = db.RunLogs.AsNoTracking().Where(line => line.RunId == runId && line.Id > after).OrderBy(line => line.Id).Take(limit);
        return await Select(lines).ToListAsync(cancellationToken);
    }

    private static IQueryable<LogLine> Select(IQueryable<RunLogRow> lines) =>
        lines.Select(line => new LogLine(line.Id, line.Attempt, line.At, line.Level, line.Text));
}
