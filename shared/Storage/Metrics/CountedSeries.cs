using MaeLab.Domain.Metrics;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Metrics;

/// <summary>What counts of one stored chunk.</summary>
/// <param name="Stored">Finds its points.</param>
/// <param name="Summary">Of the points that count.</param>
internal readonly record struct CountedChunk(StoredChunk Stored, ChunkSummary Summary);

/// <summary>What counts of a series, whichever attempts wrote it; chunks in rising order of steps, none overlapping.</summary>
internal sealed record CountedSeries(Guid RunId, string Name, IReadOnlyList<CountedChunk> Chunks)
{
    /// <summary>All that these runs have by these names, whether they measured it themselves or a job found it.</summary>
    /// <param name="after">Chunks that end here or before may be left out.</param>
    public static async Task<List<CountedSeries>> ReadAsync(
        MaeLabDb db, IReadOnlyCollection<Guid> runIds, IReadOnlyCollection<string> names, CancellationToken cancellationToken, long after = long.MinValue)
    {
        var owned = await db.SeriesOfAsync(runIds, names, cancellationToken);
        IReadOnlyList<SeriesRow> stored = [.. owned.SelectMany(own => own.Stored)];
        var counted = stored.Zip(await ReadAsync(db, stored, cancellationToken, after: after)).ToDictionary(pair => pair.First.Id, pair => pair.Second.Chunks);
        return owned.ConvertAll(own => new CountedSeries(own.RunId, own.Name, [.. own.Stored.SelectMany(row => counted[row.Id])]));
    }

    /// <summary>
    /// Stored series one by one, in their order. Reads summaries only, and the points of those chunks within which a later attempt took over.
    /// </summary>
    /// <param name="beforeAttempt">Only what earlier attempts wrote.</param>
    /// <param name="through">Points past this step do not count.</param>
    /// <param name="after">Chunks that end here or before may be left out.</param>
    public static async Task<List<CountedSeries>> ReadAsync(
        MaeLabDb db, IReadOnlyList<SeriesRow> series, CancellationToken cancellationToken,
        int beforeAttempt = int.MaxValue, long through = long.MaxValue, long after = long.MinValue)
    {
        var runIds = series.Select(s => s.RunId).Distinct().ToList();
        var attempts = await db.RunAttempts.Where(a => runIds.Contains(a.RunId) && a.Number < beforeAttempt)
            .Select(a => new { a.RunId, a.Number, a.RestoreStep }).ToListAsync(cancellationToken);
        var restoreSteps = attempts.GroupBy(a => a.RunId).ToDictionary(g => g.Key, g => g.ToDictionary(a => a.Number, a => a.RestoreStep));

        var ids = series.Select(s => s.Id).ToList();
        var rows = db.MetricChunks.Where(c => ids.Contains(c.SeriesId) && c.Attempt < beforeAttempt
            // Where a later attempt begins cuts those before it, so that must be known; the first one cuts none.
            && (c.LastStep > after || c.Attempt > 1));
        var stored = await rows
            .OrderBy(c => c.SeriesId).ThenBy(c => c.Attempt).ThenBy(c => c.FirstStep)
            .Select(c => new StoredChunk(
                c.SeriesId, c.Attempt, new ChunkSummary(c.FirstStep, c.LastStep, c.Count, c.NanCount, c.Min, c.Max, c.Last)))
            .ToListAsync(cancellationToken);

        var bySeries = stored.GroupBy(c => c.SeriesId).ToDictionary(g => g.Key, g => g.ToArray());
        var counted = series.Select(s => (Series: s, Chunks: AttemptCuts.Apply(
            bySeries.GetValueOrDefault(s.Id, []), restoreSteps.GetValueOrDefault(s.RunId) ?? [], through))).ToList();

        var cut = counted.SelectMany(s => s.Chunks).Where(c => c.Through < c.Chunk.Summary.LastStep).Select(c => c.Chunk).ToList();
        var points = cut.Count == 0 ? [] : await rows.ReadPointsAsync(cut, cancellationToken);
        return [.. counted.Select(s => new CountedSeries(s.Series.RunId, s.Series.Name, [.. s.Chunks.SelectMany(c => Count(c.Chunk, c.Through, points))]))];
    }

    private static IEnumerable<CountedChunk> Count(
        StoredChunk chunk, long through, Dictionary<ChunkKey, MetricChunkRow> points)
    {
        if (through >= chunk.Summary.LastStep)
        {
            yield return new CountedChunk(chunk, chunk.Summary);
        }
        else if (points[chunk.Key].CountThrough(through) is > 0 and var count)
        {
            yield return new CountedChunk(chunk, points[chunk.Key].Summary(count));
        }
    }
}

internal static class ChunkQueries
{
    /// <summary>The points of some chunks (and of a few more where series share first steps: SQL has no pairs of lists).</summary>
    public static Task<Dictionary<ChunkKey, MetricChunkRow>> ReadPointsAsync(
        this IQueryable<MetricChunkRow> rows, IReadOnlyList<StoredChunk> chunks, CancellationToken cancellationToken)
    {
        var ids = chunks.Select(c => c.SeriesId).Distinct().ToList();
        var firstSteps = chunks.Select(c => c.Summary.FirstStep).Distinct().ToList();
        return rows.Where(c => ids.Contains(c.SeriesId) && firstSteps.Contains(c.FirstStep)).AsNoTracking()
            .ToDictionaryAsync(c => c.Key(), cancellationToken);
    }
}
