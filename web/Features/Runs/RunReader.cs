using System.Text.Json.Nodes;
using MaeLab.Domain.Metrics;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Web.Presentation;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Runs;

/// <summary>Reads runs for lists.</summary>
public sealed class RunReader(IDbContextFactory<MaeLabDb> databases)
{
    /// <summary>No measured value lies beyond; SQLite's stand-in for not-a-number does.</summary>
    private const double Beyond = 1e300;

    /// <summary>In a cursor: the row has no value to sort by.</summary>
    private const double NoValue = Beyond;

    /// <summary>
    /// One page, by keyset: the cost does not grow with how far one has paged. Runs without a value to sort by come last in either
    /// direction, read by themselves, so that an index can serve the others.
    /// </summary>
    public async Task<RunPage> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (ranked, others) = Rank(db, Filter(db, query), query.Sort);
        var items = query.Cursor is { Key: NoValue } ? [] : await PageAsync(db, ranked, query, query.Cursor, query.Limit + 1, cancellationToken);
        if (items.Count <= query.Limit && others is not null)
        {
            var begun = query.Cursor is { Key: NoValue } cursor ? cursor : (RunCursor?)null;
            items.AddRange(await PageAsync(db, others.Select(run => new RankedRun { Run = run, Key = NoValue }), query, begun, query.Limit + 1 - items.Count, cancellationToken));
        }

        if (items.Count <= query.Limit)
        {
            return new(items, null);
        }

        items.RemoveAt(query.Limit);
        return new(items, new RunCursor(query.Sort, query.Descending, KeyOf(items[^1], query.Sort), items[^1].Id).ToString());
    }

    public async Task<int> CountAsync(RunQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Filter(db, query).CountAsync(cancellationToken);
    }

    /// <summary>All runs of an experiment in its own order; at most as many as an experiment may have.</summary>
    public Task<IReadOnlyList<RunSummary>> OfExperimentAsync(Guid experimentId, CancellationToken cancellationToken) =>
        OfExperimentsAsync([experimentId], cancellationToken);

    public async Task<IReadOnlyList<RunSummary>> OfExperimentsAsync(IReadOnlyList<Guid> experimentIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var runs = db.Runs.AsNoTracking().Where(run => experimentIds.Contains(run.ExperimentId)).OrderBy(run => run.ExperimentId).ThenBy(run => run.Index);
        return await Select(db, runs).ToListAsync(cancellationToken);
    }

    /// <returns>Null where there is no such run.</returns>
    public async Task<RunSummary?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Select(db, db.Runs.AsNoTracking().Where(run => run.Id == id)).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<bool> ExistsAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AnyAsync(run => run.Id == id, cancellationToken);
    }

    private static IQueryable<RunRow> Filter(MaeLabDb db, RunQuery query)
    {
        var runs = db.Runs.AsNoTracking();
        if (query.ExperimentId is { } experiment)
        {
            runs = runs.Where(run => run.ExperimentId == experiment);
        }

        if (query.States is { Count: > 0 } states)
        {
            runs = runs.Where(run => states.Contains(run.State));
        }

        if (Guid.TryParse(query.Text, out var id))
        {
            runs = runs.Where(run => run.Id == id);
        }
        else if (!string.IsNullOrWhiteSpace(query.Text))
        {
            var text = query.Text.Trim().ToLowerInvariant();
            // ToLower is what both databases translate; they know no case-insensitive Contains.
#pragma warning disable CA1304, CA1311, CA1862
            var experiments = db.Experiments.Where(experiment => experiment.Name.ToLower().Contains(text)).Select(experiment => experiment.Id);
            runs = runs.Where(run => run.Dataset.ToLower().Contains(text) || experiments.Contains(run.ExperimentId));
#pragma warning restore CA1304, CA1311, CA1862
        }

        return runs;
    }

    private static Task<List<RunSummary>> PageAsync(
        MaeLabDb db, IQueryable<RankedRun> runs, RunQuery query, RunCursor? after, int limit, CancellationToken cancellationToken)
    {
        if (after is { Key: var key, Id: var id })
        {
            runs = query.Descending
                ? runs.Where(run => run.Key < key || (run.Key == key && run.Run.Id < id))
                : runs.Where(run => run.Key > key || (run.Key == key && run.Run.Id > id));
        }

        var ordered = query.Descending
            ? runs.OrderByDescending(run => run.Key).ThenByDescending(run => run.Run.Id)
            : runs.OrderBy(run => run.Key).ThenBy(run => run.Run.Id);
        return Select(db, ordered.Take(limit).Select(run => run.Run)).ToListAsync(cancellationToken);
    }

    /// <returns>The runs that have a finite value to sort by, and the others; null where all have one.</returns>
    private static (IQueryable<RankedRun> Ranked, IQueryable<RunRow>? Others) Rank(MaeLabDb db, IQueryable<RunRow> runs, RunSort sort)
    {
        switch (sort)
        {
            case RunSort.Created:
                return (runs.Select(run => new RankedRun { Run = run, Key = 0 }), null);
            case RunSort.MaskRatio:
                return (runs.Select(run => new RankedRun { Run = run, Key = run.MaskRatio }), null);
            case RunSort.PatchSize:
                return (runs.Select(run => new RankedRun { Run = run, Key = run.PatchSize }), null);
            case RunSort.Seed:
                return (runs.Select(run => new RankedRun { Run = run, Key = run.Seed }), null);
            case RunSort.Loss:
                return (
                    runs.Where(run => run.Loss < Beyond && run.Loss > -Beyond).Select(run => new RankedRun { Run = run, Key = run.Loss!.Value }),
                    runs.Where(run => run.Loss == null || !(run.Loss < Beyond && run.Loss > -Beyond)));
            case RunSort.LinearAccuracy:
                var scores = db.MetricSummaries.Where(summary => summary.Name == SeriesNames.LinearAccuracy && summary.Last < Beyond && summary.Last > -Beyond);
                return (
                    runs.Join(scores, run => run.Id, summary => summary.RunId, (run, summary) => new RankedRun { Run = run, Key = summary.Last }),
                    runs.Where(run => !scores.Any(summary => summary.RunId == run.Id)));
            default:
                throw new ArgumentOutOfRangeException(nameof(sort), sort, "Unknown order of runs.");
        }
    }

    /// <summary>The key by which a row that was read was ranked.</summary>
    private static double KeyOf(RunSummary run, RunSort sort) => sort switch
    {
        RunSort.Created => 0,
        RunSort.MaskRatio => run.MaskRatio,
        RunSort.PatchSize => run.PatchSize,
        RunSort.Seed => run.Seed,
        RunSort.Loss => run.Loss ?? NoValue,
        RunSort.LinearAccuracy => run.LinearAccuracy ?? NoValue,
        _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "Unknown order of runs."),
    };

    private static IQueryable<RunSummary> Select(MaeLabDb db, IQueryable<RunRow> runs) => runs.Select(run => new RunSummary(
        run.Id, run.ExperimentId,
        db.Experiments.Where(experiment => experiment.Id == run.ExperimentId).Select(experiment => experiment.Name).First(),
        run.Index, run.CellIndex, run.IsBaseline, ReadLevels(run.Levels),
        run.Seed, run.MaskRatio, run.PatchSize, run.Dataset,
        run.State, RunSummary.ReasonWord(run.Reason), run.ReasonText, run.Priority, run.Position, run.Attempt,
        run.Step, run.TotalSteps, run.Epoch, Format.Finite(run.Loss),
        Format.Finite(db.MetricSummaries
            .Where(summary => summary.RunId == run.Id && summary.Name == SeriesNames.LinearAccuracy)
            .Select(summary => (double?)summary.Last).FirstOrDefault()),
        Format.Finite(run.ImagesPerSecond),
        run.RunnerId, run.CreatedAt, run.StartedAt, run.EndedAt));

    private static JsonObject ReadLevels(string levels) => JsonNode.Parse(levels)!.AsObject();

    private sealed class RankedRun
    {
        public required RunRow Run { get; init; }

        public required double Key { get; init; }
    }
}
