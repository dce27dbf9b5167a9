using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Metrics;

/// <summary>Answers one <see cref="CurveQuery"/> from what counts of all series concerned.</summary>
/// <param name="fewPoints">Up to so many points in all are read: no summary is as good.</param>
internal sealed class CurveReading(MaeLabDb db, CurveQuery query, List<CountedSeries> series, long fewPoints)
{
    /// <summary>Fewer chunks than one in so many buckets would draw too coarse a curve: then the points are read, however many.</summary>
    private const int BucketsAChunk = 16;

    private readonly Dictionary<(Guid RunId, string Name), CountedSeries> _series =
        series.Where(s => s.Chunks.Count > 0).ToDictionary(s => (s.Series.RunId, s.Series.Name));

    public async Task<IReadOnlyList<RunCurve>> ReadAsync(CancellationToken cancellationToken)
    {
        var lines = query.RunIds.Distinct().SelectMany(Lines).ToList();
        if (lines.Count == 0)
        {
            return [];
        }

        var (from, to) = Grid(lines);
        var few = lines.Sum(l => l.PointCount) <= fewPoints;
        var exact = lines.Where(l => few || l.Chunks.Count * BucketsAChunk < query.Buckets).ToHashSet();
        var points = exact.Count == 0 ? [] : await ReadPointsAsync(exact, cancellationToken);
        return [.. lines
            .Select(line => new RunCurve(line.Y.Series.RunId, exact.Contains(line)
                ? line.FromPoints(points, from, to, query.Buckets)
                : line.FromChunks(points, from, to, query.Buckets)))
            .Where(c => c.Curve.Count > 0)];
    }

    private IEnumerable<CurveLine> Lines(Guid runId)
    {
        var x = query.XAxis is null ? null : _series.GetValueOrDefault((runId, query.XAxis));
        if (query.XAxis is not null && x is null)
        {
            yield break;
        }

        var (first, last) = x is null ? (query.From ?? double.NegativeInfinity, query.To ?? double.PositiveInfinity) : Steps(x);
        foreach (var name in query.Names.Distinct())
        {
            if (_series.TryGetValue((runId, name), out var y)
                && y.Chunks.Where(c => c.Summary.LastStep >= first && c.Summary.FirstStep <= last).ToList() is { Count: > 0 } chunks)
            {
                yield return new CurveLine(y, x, chunks);
            }
        }
    }

    /// <summary>The steps whose x can lie between From and To.</summary>
    private (double First, double Last) Steps(CountedSeries x)
    {
        var (from, to) = (query.From ?? double.NegativeInfinity, query.To ?? double.PositiveInfinity);
        var chunks = x.Chunks.Select(c => c.Summary).ToList();
        var first = chunks.FindIndex(c => c.Max >= from && c.Min <= to);
        var last = chunks.FindLastIndex(c => c.Max >= from && c.Min <= to);

        // To the next chunk at either side: the line from one chunk to the next may pass through the stretch as well.
        return first < 0
            ? (double.PositiveInfinity, double.NegativeInfinity)
            : (first == 0 ? double.NegativeInfinity : chunks[first - 1].LastStep,
                last == chunks.Count - 1 ? double.PositiveInfinity : chunks[last + 1].FirstStep);
    }

    /// <summary>What is drawn where From and To leave it open: all there is of any curve.</summary>
    private (double From, double To) Grid(List<CurveLine> lines)
    {
        var (from, to) = (double.NaN, double.NaN);
        foreach (var line in lines)
        {
            foreach (var chunk in (line.X?.Chunks ?? line.Chunks).Select(c => c.Summary))
            {
                from = double.MinNumber(from, line.X is null ? chunk.FirstStep : chunk.Min);
                to = double.MaxNumber(to, line.X is null ? chunk.LastStep : chunk.Max);
            }
        }

        return (query.From ?? from, query.To ?? to);
    }

    private Task<Dictionary<ChunkKey, MetricChunkRow>> ReadPointsAsync(HashSet<CurveLine> lines, CancellationToken cancellationToken)
    {
        var ids = lines.Select(l => l.Y).Concat(lines.Select(l => l.X).OfType<CountedSeries>()).Select(s => s.Series.Id).Distinct().ToList();
        var first = lines.Min(l => l.FirstStep);
        var last = lines.Max(l => l.LastStep);
        return db.MetricChunks.Where(c => ids.Contains(c.SeriesId) && c.LastStep >= first && c.FirstStep <= last)
            .AsNoTracking().ToDictionaryAsync(c => c.Key(), cancellationToken);
    }
}
