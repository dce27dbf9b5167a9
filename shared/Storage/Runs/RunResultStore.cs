using System.Text;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Runs;

/// <summary>
/// What an attempt leaves behind besides series and checkpoints. Every write checks the fence in its transaction, and
/// stores copies: rows given can be given again after a failure.
/// </summary>
public sealed class RunResultStore(IDbContextFactory<MaeLabDb> databases)
{
    /// <summary>
    /// Asks whether the attempt is still in its runner's hands, for one that has nothing to write: neither has a newer attempt
    /// begun, nor was this one taken back.
    /// </summary>
    /// <exception cref="FenceLostException">It is not.</exception>
    public async Task CheckHeldAsync(Guid runId, int attempt, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var run = await db.RunsAndJobs.Where(row => row.Id == runId).Select(row => new
        {
            row.Attempt,
            Held = db.RunAttempts.Any(own => own.RunId == runId && own.Number == attempt && own.EndedAt == null),
        }).SingleOrDefaultAsync(cancellationToken);
        if (run is not { Held: true } || run.Attempt != attempt)
        {
            throw new FenceLostException(runId, attempt, run?.Attempt);
        }
    }

    /// <summary>Adds lines; one whose sequence number the attempt has used already is that same line, and left out.</summary>
    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    public Task AddLogsAsync(Guid runId, int attempt, IReadOnlyList<RunLogRow> lines, CancellationToken cancellationToken) =>
        WriteAsync(runId, attempt, async db =>
        {
            List<long> given = [.. lines.Select(line => line.Sequence)];
            var known = await db.RunLogs.Where(line => line.RunId == runId && line.Attempt == attempt && given.Contains(line.Sequence))
                .Select(line => line.Sequence).ToListAsync(cancellationToken);
            db.RunLogs.AddRange(lines.ExceptBy(known, line => line.Sequence).Select(line => new RunLogRow
            {
                RunId = runId,
                Attempt = attempt,
                Sequence = line.Sequence,
                At = line.At,
                Level = line.Level,
                Text = Storable(line.Text),
            }));
        }, cancellationToken);

    /// <summary>
    /// Images and probe results of one evaluation, all or none. They replace what the run has of the same kinds of images and the
    /// same probes at that step, from whichever attempt: one that goes on from before it evaluates again. Others stay, for some
    /// probes of a step come long after the rest.
    /// </summary>
    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    public Task SaveEvaluationAsync(
        Guid runId, int attempt, long step, IReadOnlyList<ImageRow> images, IReadOnlyList<ProbeResultRow> probes, CancellationToken cancellationToken) =>
        WriteAsync(runId, attempt, async db =>
        {
            List<string> kinds = [.. images.Select(image => image.Kind).Distinct()], names = [.. probes.Select(probe => probe.Probe)];
            await db.Images.Where(i => i.RunId == runId && i.Step == step && kinds.Contains(i.Kind)).ExecuteDeleteAsync(cancellationToken);
            await db.ProbeResults.Where(p => p.RunId == runId && p.Step == step && names.Contains(p.Probe)).ExecuteDeleteAsync(cancellationToken);
            db.Images.AddRange(images.Select(image => new ImageRow
            {
                Id = image.Id,
                RunId = runId,
                Attempt = attempt,
                Step = step,
                Kind = image.Kind,
                GalleryIndex = image.GalleryIndex,
                Width = image.Width,
                Height = image.Height,
                Png = image.Png,
                CreatedAt = image.CreatedAt,
            }));
            db.ProbeResults.AddRange(probes.Select(probe => new ProbeResultRow
            {
                Id = probe.Id,
                RunId = runId,
                Attempt = attempt,
                Step = step,
                Probe = probe.Probe,
                Value = probe.Value,
                Details = probe.Details,
                CreatedAt = probe.CreatedAt,
            }));
        }, cancellationToken);

    /// <summary>The last write of an attempt; repeating it replaces the outcome. A completed run leaves no state of its evaluations.</summary>
    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    public Task SaveOutcomeAsync(AttemptOutcomeRow outcome, CancellationToken cancellationToken) =>
        WriteAsync(outcome.RunId, outcome.Attempt, async db =>
        {
            await db.AttemptOutcomes.Where(o => o.RunId == outcome.RunId && o.Attempt == outcome.Attempt).ExecuteDeleteAsync(cancellationToken);
            if (outcome.Outcome == AttemptOutcome.Completed)
            {
                await EvaluationStateStore.Of(db, outcome.RunId).ExecuteDeleteAsync(cancellationToken);
            }

            db.AttemptOutcomes.Add(new AttemptOutcomeRow
            {
                RunId = outcome.RunId,
                Attempt = outcome.Attempt,
                Outcome = outcome.Outcome,
                Reason = outcome.Reason,
                Message = outcome.Message is null ? null : Storable(outcome.Message),
                Step = outcome.Step,
                WeightsSha256 = outcome.WeightsSha256,
                EndedAt = outcome.EndedAt,
            });
        }, cancellationToken);

    private async Task WriteAsync(Guid runId, int attempt, Func<MaeLabDb, Task> write, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var fence = await Fence.BeginAsync(db, runId, attempt, cancellationToken);
        await write(db);
        await db.SaveChangesAsync(cancellationToken);
        await fence.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// What a log or an exception says may hold what PostgreSQL's text cannot: NUL, half of a surrogate pair. A run must
    /// not fail over that.
    /// </summary>
    private static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
