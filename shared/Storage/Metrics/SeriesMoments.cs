using MaeLab.Domain.Metrics;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Metrics;

/// <summary>Finds the last point of every series before some moment; reads the points of a chunk only where the moment lies within it.</summary>
internal static class SeriesMoments
{
    /// <param name="begun">The chunk has a point before the moment.</param>
    /// <param name="over">All of the chunk lies before it.</param>
    /// <param name="count">How many points of a chunk do.</param>
    /// <returns>By run; one without a point before the moment is left out.</returns>
    public static async Task<Dictionary<Guid, MetricPoint>> FindAsync(
        MaeLabDb db, IReadOnlyList<CountedSeries> series,
        Func<Guid, ChunkSummary, bool> begun, Func<Guid, ChunkSummary, bool> over, Func<Guid, MetricChunkRow, int> count,
        CancellationToken cancellationToken)
    {
        var last = series
            .Select(s => (Series: s, Chunk: s.Chunks.LastOrDefault(chunk => begun(s.RunId, chunk.Summary))))
            .Where(s => s.Chunk.Summary.Count > 0).ToList();
        List<StoredChunk> within = [.. last.Where(s => !over(s.Series.RunId, s.Chunk.Summary)).Select(s => s.Chunk.Stored)];
        var points = within.Count == 0 ? [] : await db.MetricChunks.ReadPointsAsync(within, cancellationToken);
        return last.ToDictionary(s => s.Series.RunId, s =>
        {
            var (stored, summary) = s.Chunk;
            if (over(s.Series.RunId, summary))
            {
                return new MetricPoint(s.Series.Name, summary.LastStep, summary.Last);
            }

            var chunk = points[stored.Key];
            var index = Math.Min(count(s.Series.RunId, chunk), summary.Count) - 1;
            return new MetricPoint(s.Series.Name, chunk.StepAt(index), chunk.Values[index]);
        });
    }
}
