using MaeLab.Domain.Metrics;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Metrics;

/// <summary>What a chart asks for: a stretch of the x-axis and how many buckets it can draw.</summary>
/// <param name="XAxis">Null: the step. Otherwise the series that serves as x, for example <c>progress/epoch</c>.</param>
/// <param name="From">Null: from the first point.</param>
public sealed record CurveQuery(
    IReadOnlyList<Guid> RunIds, IReadOnlyList<string> Names, string? XAxis = null, double? From = null, double? To = null, int Buckets = 1000)
{
    /// <summary>Weight of the <see cref="Ema"/> that is taken over all points; 0: none, and <see cref="Curve.Smoothed"/> stays null.</summary>
    public double Smoothing { get; init; }

    /// <summary>Buckets as wide as a log axis draws them; x of 0 and below is left out.</summary>
    public bool LogX { get; init; }

    /// <summary>It is asked again and again as curves grow: on a grid that stays, see <see cref="BucketGrid.Steady"/>. Where all of x is asked for.</summary>
    public bool Steady { get; init; }
}

public sealed record RunCurve(Guid RunId, Curve Curve)
{
    /// <summary>All of x that there is of it, where <see cref="Curve"/> is a stretch alone.</summary>
    public (double From, double To) Whole { get; init; }

    /// <summary>That of the last point, whatever serves as x.</summary>
    public long LastStep { get; init; }
}

/// <summary>Where a later attempt of a run went on.</summary>
public sealed record Restart(Guid RunId, long Step);

/// <summary>How far a series has been read.</summary>
public readonly record struct SeriesEnd(Guid RunId, string Name, long AfterStep);

/// <summary>Reads series; takes each attempt only up to the restore step of the next.</summary>
public sealed class MetricReader(IDbContextFactory<MaeLabDb> databases)
{
    /// <summary>So many points are read and bucketed in a few hundredths of a second.</summary>
    internal long FewPoints { get; init; } = 250_000;

    /// <summary>
    /// Curves on one bucket grid shared by all runs and series asked for. Chunk summaries serve where they are fine
    /// enough; the points are read only where they are few, as in a zoomed stretch, or where no summary will do, as for an
    /// average or the narrow buckets at the left of a log axis. Runs or names without points are left
    /// out, and so are runs without the series that serves as x. Six queries at most, however many runs.
    /// </summary>
    public async Task<IReadOnlyList<RunCurve>> ReadCurvesAsync(CurveQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        string[] names = query.XAxis is null ? [.. query.Names] : [.. query.Names, query.XAxis];
        var series = await CountedSeries.ReadAsync(db, query.RunIds, names, cancellationToken);
        return await new CurveReading(db, query, series, FewPoints).ReadAsync(cancellationToken);
    }

    /// <summary>Where later attempts of these runs went on; those that have not begun to train are left out.</summary>
    public async Task<IReadOnlyList<Restart>> ReadRestartsAsync(IReadOnlyList<Guid> runIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.RunAttempts.Where(attempt => runIds.Contains(attempt.RunId) && attempt.Number > 1 && attempt.StartedAt != null)
            .OrderBy(attempt => attempt.RunId).ThenBy(attempt => attempt.Number)
            .Select(attempt => new Restart(attempt.RunId, attempt.RestoreStep)).ToListAsync(cancellationToken);
    }

    /// <summary>Exact points of one series after the given step, for a live chart.</summary>
    public async Task<IReadOnlyList<MetricPoint>> ReadPointsAsync(
        Guid runId, string name, long afterStep, int limit, CancellationToken cancellationToken) =>
        (await ReadPointsAsync([new(runId, name, afterStep)], limit, cancellationToken))[0];

    /// <summary>Exact points of many series, in as many queries as those of one.</summary>
    /// <param name="limit">Points of a series at most.</param>
    /// <returns>In the order of the ends.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<MetricPoint>>> ReadPointsAsync(
        IReadOnlyList<SeriesEnd> ends, int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (runIds, names) = (ends.Select(end => end.RunId).Distinct().ToList(), ends.Select(end => end.Name).Distinct().ToList());
        var series = (await CountedSeries.ReadAsync(db, runIds, names, cancellationToken, ends.Min(end => end.AfterStep)))
            .ToLookup(s => (s.RunId, s.Name), s => s.Chunks);
        var chunks = ends.Select(end => ChunksAfter(series[(end.RunId, end.Name)].SelectMany(c => c), end.AfterStep, limit)).ToList();
        var points = await db.MetricChunks.ReadPointsAsync([.. chunks.SelectMany(c => c).Select(c => c.Stored)], cancellationToken);
        return [.. ends.Zip(chunks, (end, own) => (IReadOnlyList<MetricPoint>)
            [.. own.SelectMany(c => Points(end.Name, points[c.Stored.Key], c.Summary.Count)).Where(p => p.Step > end.AfterStep).Take(limit)])];
    }

    /// <summary>What a series came to at or before a step of each run's own; runs without a point so early are left out. Six queries at most, however many runs.</summary>
    public async Task<IReadOnlyDictionary<Guid, double>> ReadValuesAsync(
        string name, IReadOnlyDictionary<Guid, long> steps, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var series = await CountedSeries.ReadAsync(db, [.. steps.Keys], [name], cancellationToken);
        var ends = await SeriesMoments.FindAsync(
            db, series, (run, chunk) => chunk.FirstStep <= steps[run], (run, chunk) => chunk.LastStep <= steps[run],
            (run, points) => points.CountThrough(steps[run]), cancellationToken);
        return ends.ToDictionary(end => end.Key, end => end.Value.Value);
    }

    /// <summary>
    /// The last step of each run at which a series that never falls, such as <c>progress/visible_tokens</c>, was at or below a
    /// limit; runs that began above it are left out. Six queries at most, however many runs.
    /// </summary>
    public async Task<IReadOnlyDictionary<Guid, long>> ReadStepsAsync(
        string rising, IReadOnlyCollection<Guid> runIds, double limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var series = await CountedSeries.ReadAsync(db, runIds, [rising], cancellationToken);
        var ends = await SeriesMoments.FindAsync(
            db, series, (_, chunk) => chunk.Min <= limit, (_, chunk) => chunk.Last <= limit,
            (_, points) => points.Values.Take(points.Count).Count(value => value <= limit), cancellationToken);
        return ends.ToDictionary(end => end.Key, end => end.Value.Step);
    }

    private static List<CountedChunk> ChunksAfter(IEnumerable<CountedChunk> all, long afterStep, int limit)
    {
        var chunks = new List<CountedChunk>();
        // The first chunk may reach back before the step, so its points do not count towards the limit.
        var expected = 0;
        foreach (var chunk in all)
        {
            if (chunk.Summary.LastStep > afterStep && expected < limit)
            {
                chunks.Add(chunk);
                expected += chunk.Summary.FirstStep > afterStep ? chunk.Summary.Count : 0;
            }
        }

        return chunks;
    }

    /// <summary>Names of all series of these runs, in order.</summary>
    public async Task<IReadOnlyList<string>> ListNamesAsync(IReadOnlyList<Guid> runIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Sorted here: each database has an order of its own.
        return [.. (await db.SeriesOfAsync(runIds, null, cancellationToken)).Select(series => series.Name).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>How many jobs have found values of these runs. Where it has risen, a curve of theirs may have got a point anywhere.</summary>
    public async Task<int> CountJobsAsync(IReadOnlyCollection<Guid> runIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.CompletedJobs().CountAsync(job => runIds.Contains(job.SubjectRunId!.Value), cancellationToken);
    }

    private static IEnumerable<MetricPoint> Points(string name, MetricChunkRow chunk, int count) =>
        Enumerable.Range(0, count).Select(i => new MetricPoint(name, chunk.StepAt(i), chunk.Values[i]));
}
