using System.Text.Json.Nodes;
using MaeLab.Domain.Metrics;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Web.Presentation;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Runs;

/// <summary>Reads runs for lists. What is sorted is ids alone; the rows are read for those that are shown.</summary>
public sealed class RunReader(IDbContextFactory<MaeLabDb> databases)
{
    /// <summary>One page, by keyset: the cost does not grow with how far one has paged.</summary>
    public async Task<RunPage<RunSummary>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ranking = RunRanking.Of(db, query.Filter.Apply(db), query.Order ?? RunOrder.Newest);
        var amongOthers = query.Cursor is { HasKey: false } && ranking.Others is not null;
        var keys = amongOthers ? [] : await PageAsync(ranking, ranking.Ranked, query.Cursor, query.Limit + 1, cancellationToken);
        if (keys.Count <= query.Limit && ranking.Others is { } others)
        {
            keys.AddRange(await PageAsync(ranking, others, amongOthers ? query.Cursor : null, query.Limit + 1 - keys.Count, cancellationToken));
        }

        var more = keys.Count > query.Limit;
        return new(
            await SummariesAsync(db, [.. keys.Take(query.Limit).Select(key => key.Id)], cancellationToken),
            more ? new RunCursor(ranking.Order.Word, keys[query.Limit - 1].Number, keys[query.Limit - 1].Text, keys[query.Limit - 1].Id).ToString() : null);
    }

    /// <summary>A stretch of the list by places, for a table that is scrolled.</summary>
    public async Task<IReadOnlyList<RunSummary>> WindowAsync(RunFilter filter, RunOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await SummariesAsync(db, await IdsAsync(db, filter, order, skip, take, cancellationToken), cancellationToken);
    }

    /// <returns>The ids of the same stretch.</returns>
    public async Task<IReadOnlyList<Guid>> IdsAsync(RunFilter filter, RunOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await IdsAsync(db, filter, order, skip, take, cancellationToken);
    }

    public async Task<int> CountAsync(RunFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await filter.Apply(db).CountAsync(cancellationToken);
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

    /// <summary>A run, or a job: who knows its id means it.</summary>
    /// <returns>Null where there is no such run.</returns>
    public async Task<RunSummary?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Select(db, db.RunsAndJobs.AsNoTracking().Where(run => run.Id == id)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <inheritdoc cref="FindAsync(Guid, CancellationToken)"/>
    public async Task<bool> ExistsAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.RunsAndJobs.AnyAsync(run => run.Id == id, cancellationToken);
    }

    /// <returns>In the order of the ids; without those that are gone.</returns>
    public async Task<IReadOnlyList<RunSummary>> FindAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await SummariesAsync(db, ids, cancellationToken);
    }

    private static async Task<List<RunSummary>> SummariesAsync(MaeLabDb db, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var rows = await Select(db, db.Runs.AsNoTracking().Where(run => ids.Contains(run.Id))).ToDictionaryAsync(run => run.Id, cancellationToken);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    private static async Task<IReadOnlyList<Guid>> IdsAsync(
        MaeLabDb db, RunFilter filter, RunOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        var ranking = RunRanking.Of(db, filter.Apply(db), order);
        var ids = await ranking.Sort(ranking.Ranked).Skip(skip).Take(take).Select(run => run.Run.Id).ToListAsync(cancellationToken);
        if (ids.Count == take || ranking.Others is null)
        {
            return ids;
        }

        var before = ids.Count > 0 || skip == 0 ? 0 : skip - await ranking.Ranked.CountAsync(cancellationToken);
        ids.AddRange(await ranking.Sort(ranking.Others).Skip(before).Take(take - ids.Count).Select(run => run.Run.Id).ToListAsync(cancellationToken));
        return ids;
    }

    private static Task<List<RunKey>> PageAsync(
        RunRanking ranking, IQueryable<KeyedRun> runs, RunCursor? after, int limit, CancellationToken cancellationToken) =>
        (after is null ? ranking.Sort(runs) : ranking.After(ranking.Sort(runs), after)).Take(limit)
            .Select(run => new RunKey(run.Run.Id, run.Number, run.Text)).ToListAsync(cancellationToken);

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

    private sealed record RunKey(Guid Id, double? Number, string? Text);
}
