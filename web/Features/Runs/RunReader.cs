using System.Linq.Expressions;
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

    /// <summary>One page, by keyset: the cost does not grow with how far one has paged.</summary>
    public async Task<RunPage> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var key = SortKey(db, query.Sort, NoValue(query.Descending));
        var runs = Filter(db, query);
        if (query.Cursor is { } cursor)
        {
            runs = runs.Where(After(key, cursor, query.Descending));
        }

        var ordered = query.Descending
            ? runs.OrderByDescending(key).ThenByDescending(run => run.Id)
            : runs.OrderBy(key).ThenBy(run => run.Id);
        var items = await Select(db, ordered.Take(query.Limit + 1)).ToListAsync(cancellationToken);
        if (items.Count <= query.Limit)
        {
            return new(items, null);
        }

        items.RemoveAt(query.Limit);
        return new(items, new RunCursor(query.Sort, query.Descending, KeyOf(items[^1], query.Sort, NoValue(query.Descending)), items[^1].Id).ToString());
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
            runs = runs.Where(run => run.Dataset.ToLower().Contains(text)
                || db.Experiments.Any(experiment => experiment.Id == run.ExperimentId && experiment.Name.ToLower().Contains(text)));
#pragma warning restore CA1304, CA1311, CA1862
        }

        return runs;
    }

    /// <summary>Stands for a missing or not finite key: such rows come last in either direction.</summary>
    private static double NoValue(bool descending) => descending ? -Beyond : Beyond;

    private static Expression<Func<RunRow, double>> SortKey(MaeLabDb db, RunSort sort, double noValue) => sort switch
    {
        RunSort.Created => run => 0,
        RunSort.MaskRatio => run => run.MaskRatio,
        RunSort.PatchSize => run => run.PatchSize,
        RunSort.Seed => run => run.Seed,
        RunSort.Loss => run => run.Loss < Beyond && run.Loss > -Beyond ? run.Loss.Value : noValue,
        RunSort.LinearAccuracy => run => db.MetricSummaries
            .Where(summary => summary.RunId == run.Id && summary.Name == SeriesNames.LinearAccuracy && summary.Last < Beyond)
            .Select(summary => (double?)summary.Last).FirstOrDefault() ?? noValue,
        _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "Unknown order of runs."),
    };

    /// <summary>The value of <see cref="SortKey"/> for a row that was read.</summary>
    private static double KeyOf(RunSummary run, RunSort sort, double noValue) => sort switch
    {
        RunSort.Created => 0,
        RunSort.MaskRatio => run.MaskRatio,
        RunSort.PatchSize => run.PatchSize,
        RunSort.Seed => run.Seed,
        RunSort.Loss => run.Loss ?? noValue,
        RunSort.LinearAccuracy => run.LinearAccuracy ?? noValue,
        _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "Unknown order of runs."),
    };

    /// <summary>key > k or (key = k and id > i), the other way round when falling.</summary>
    private static Expression<Func<RunRow, bool>> After(Expression<Func<RunRow, double>> key, RunCursor cursor, bool descending)
    {
        Expression<Func<double>> cursorKey = () => cursor.Key;
        Expression<Func<RunRow, bool>> laterId = descending ? run => run.Id < cursor.Id : run => run.Id > cursor.Id;
        var later = descending ? Expression.LessThan(key.Body, cursorKey.Body) : Expression.GreaterThan(key.Body, cursorKey.Body);
        var same = Expression.AndAlso(
            Expression.Equal(key.Body, cursorKey.Body),
            Expression.Invoke(laterId, key.Parameters[0]));
        return Expression.Lambda<Func<RunRow, bool>>(Expression.OrElse(later, same), key.Parameters[0]);
    }

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
}
