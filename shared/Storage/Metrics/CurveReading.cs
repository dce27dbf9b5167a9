using MaeLab.Domain.Metrics;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Metrics;

/// <summary>Answers one <see cref="CurveQuery"/> from what counts of all series concerned.</summary>
/// <param name="fewPoints">Up to so many points in all are read: no summary is as good.</param>
internal sealed class CurveReading(MaeLabDb db, CurveQuery query, List<CountedSeries> series, long fewPoints)
{
    /// <summary>Fewer chunks than one in so many buckets would draw too coarse a curve: then the points are read, however many.</summary>
    private const int BucketsAChunk = 16;

    /// <summary>Points in memory at once, where very many are read.</summary>
    private const long PointsAtOnce = 2_000_000;

    private readonly Dictionary<(Guid RunId, string Name), CountedSeries> _series =
        series.Where(s => s.Chunks.Count > 0).ToDictionary(s => (s.RunId, s.Name));

    public async Task<IReadOnlyList<RunCurve>> ReadAsync(CancellationToken cancellationToken)
    {
        var lines = query.RunIds.Distinct().SelectMany(Lines).ToList();
        if (lines.Count == 0)
        {
            return [];
        }

        var grid = Grid(lines);
        var all = query.Smoothing > 0 || query.LogX || lines.Sum(l => l.PointCount) <= fewPoints;
        var exact = lines.Where(l => all || l.Chunks.Count * BucketsAChunk < query.Buckets).ToHashSet();
        var curves = new Dictionary<CurveLine, Curve>();
        foreach (var portion in Portions(exact))
        {
            var points = await ReadPointsAsync(portion, cancellationToken);
            portion.ForEach(line => curves.Add(line, line.FromPoints(points, grid, query.Smoothing)));
        }

        return [.. lines
            .Select(line => new RunCurve(line.Y.RunId, curves.GetValueOrDefault(line) ?? line.FromChunks(grid)) { Whole = line.Whole, LastStep = line.LastStep })
            .Where(c => c.Curve.Count > 0)];
    }

    private static IEnumerable<List<CurveLine>> Portions(IEnumerable<CurveLine> lines)
    {
        var (portion, count) = (new List<CurveLine>(), 0L);
        foreach (var line in lines)
        {
            if (count > 0 && count + line.PointCount > PointsAtOnce)
            {
                yield return portion;
                (portion, count) = ([], 0);
            }

            portion.Add(line);
            count += line.PointCount;
        }

        if (portion.Count > 0)
        {
            yield return portion;
        }
    }

    private IEnumerable<CurveLine> Lines(Guid runId)
    {
        var x = query.XAxis is null ? null : _series.GetValueOrDefault((runId, query.XAxis));
        if (query.XAxis is not null && x is null)
        {
            yield break;
        }

        var (begin, last) = x is null ? (query.From ?? double.NegativeInfinity, query.To ?? double.PositiveInfinity) : Steps(x);
        // An average counts all that went before.
        var first = query.Smoothing > 0 ? double.NegativeInfinity : begin;
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
    private BucketGrid Grid(List<CurveLine> lines)
    {
        var (from, to) = (double.NaN, double.NaN);
        foreach (var line in lines)
        {
            var whole = line.Whole;
            (from, to) = (double.MinNumber(from, whole.From), double.MaxNumber(to, whole.To));
        }

        return query is { Steady: true, From: null, To: null }
            ? BucketGrid.Steady(from, to, query.Buckets, query.LogX)
            : new(query.From ?? from, query.To ?? to, query.Buckets, query.LogX);
    }

    private Task<Dictionary<ChunkKey, MetricChunkRow>> ReadPointsAsync(List<CurveLine> lines, CancellationToken cancellationToken)
    {
        var ids = lines.Select(l => l.Y).Concat(lines.Select(l => l.X).OfType<CountedSeries>()).SelectMany(s => s.Chunks).Select(c => c.Stored.SeriesId).Distinct().ToList();
        var first = lines.Min(l => l.FirstStep);
        var last = lines.Max(l => l.LastStep);
        return db.MetricChunks.Where(c => ids.Contains(c.SeriesId) && c.LastStep >= first && c.FirstStep <= last)
            .AsNoTracking().ToDictionaryAsync(c => c.Key(), cancellationToken);
    }
}
