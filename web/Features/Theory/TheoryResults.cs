using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Storage;
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

/// <summary>The one place where results of theory probes are read, whoever measured them.</summary>
public sealed class TheoryResults(IDbContextFactory<MaeLabDb> databases)
{
    /// <returns>All of the runs by rising step, without their details.</returns>
    public async Task<IReadOnlyList<TheoryValue>> ValuesAsync(IReadOnlyCollection<Guid> runIds, IReadOnlyCollection<string> probes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ProbeResults.Where(row => runIds.Contains(row.RunId) && probes.Contains(row.Probe)).OrderBy(row => row.Step)
            .Select(row => new TheoryValue(row.RunId, row.Probe, row.Step, row.Value)).ToListAsync(cancellationToken);
    }

    /// <param name="step">Null: the newest.</param>
    /// <returns>Of every run and probe the newest at or before the step.</returns>
    public async Task<IReadOnlyList<TheoryResult>> AtAsync(
        IReadOnlyCollection<Guid> runIds, IReadOnlyCollection<string> probes, long? step, CancellationToken cancellationToken)
    {
        var last = step ?? long.MaxValue;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ProbeResults
            .Where(row => runIds.Contains(row.RunId) && probes.Contains(row.Probe) && row.Step <= last
                && !db.ProbeResults.Any(later => later.RunId == row.RunId && later.Probe == row.Probe && later.Step > row.Step && later.Step <= last))
            .Select(row => new TheoryResult(row.RunId, row.Probe, row.Step, row.Value, row.Details)).ToListAsync(cancellationToken);
    }
}
