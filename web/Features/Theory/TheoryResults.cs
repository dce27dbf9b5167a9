using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Storage;
using MaeLab.Storage.Metrics;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Theory;

/// <summary>What a probe came to in a run at one step.</summary>
public sealed record TheoryValue(Guid RunId, string Probe, long Step, double Value);

/// <summary>One that was read with what lies behind it.</summary>
/// <param name="Details">JSON, by probe one of the records of <c>MaeLab.Domain.Metrics</c>.</param>
public sealed record TheoryResult(Guid RunId, string Probe, long Step, double Value, string Details)
{
    public T Read<T>() => JsonSerializer.Deserialize<T>(Details, JsonDefaults.Options)
        ?? throw new JsonException($"The details of {Probe} of run {RunId} at step {Step} are null.");
}

/// <summary>
/// The one place where results of theory probes are read, whoever measured them: the run at its evaluations, or a completed job that
/// looked at one of its checkpoints. Where both did, the run's own count.
/// </summary>
public sealed class TheoryResults(IDbContextFactory<MaeLabDb> databases)
{
    /// <returns>All of the runs by rising step, without their details.</returns>
    public async Task<IReadOnlyList<TheoryValue>> ValuesAsync(IReadOnlyCollection<Guid> runIds, IReadOnlyCollection<string> probes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return [.. (await FindAsync(db, runIds, probes, cancellationToken)).Select(found => found.Value).OrderBy(value => value.Step)];
    }

    /// <param name="step">Null: the newest.</param>
    /// <returns>Of every run and probe the newest at or before the step.</returns>
    public async Task<IReadOnlyList<TheoryResult>> AtAsync(
        IReadOnlyCollection<Guid> runIds, IReadOnlyCollection<string> probes, long? step, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var newest = (await FindAsync(db, runIds, probes, cancellationToken))
            .Where(found => found.Value.Step <= (step ?? long.MaxValue))
            .GroupBy(found => (found.Value.RunId, found.Value.Probe), (_, own) => own.MaxBy(found => found.Value.Step)!)
            .ToDictionary(found => found.Id, found => found.Value);
        var details = await db.ProbeResults.Where(row => newest.Keys.Contains(row.Id)).Select(row => new { row.Id, row.Details }).ToListAsync(cancellationToken);
        return [.. details.Select(row => (Value: newest[row.Id], row.Details)).Select(row => new TheoryResult(row.Value.RunId, row.Value.Probe, row.Value.Step, row.Value.Value, row.Details))];
    }

    /// <returns>One result a run, probe and step.</returns>
    private static async Task<IEnumerable<Found>> FindAsync(
        MaeLabDb db, IReadOnlyCollection<Guid> runIds, IReadOnlyCollection<string> probes, CancellationToken cancellationToken)
    {
        var rows = db.ProbeResults.Where(row => probes.Contains(row.Probe));
        var own = await rows.Where(row => runIds.Contains(row.RunId))
            .Select(row => new Found(row.Id, new(row.RunId, row.Probe, row.Step, row.Value))).ToListAsync(cancellationToken);
        var jobs = db.CompletedJobs().Where(job => runIds.Contains(job.SubjectRunId!.Value));
        var byJobs = await jobs.Join(rows, job => job.Id, row => row.RunId, (job, row) => new Found(row.Id, new(job.SubjectRunId!.Value, row.Probe, row.Step, row.Value)))
            .ToListAsync(cancellationToken);
        return own.Concat(byJobs).DistinctBy(found => (found.Value.RunId, found.Value.Probe, found.Value.Step));
    }

    private sealed record Found(Guid Id, TheoryValue Value);
}
