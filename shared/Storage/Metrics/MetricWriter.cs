using System.Runtime.InteropServices;
using MaeLab.Domain.Metrics;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Metrics;

/// <summary>
/// Writes the series of one attempt. Holds the open chunk of each series and upserts whole chunks, so that a retried
/// flush neither loses nor doubles a point. Not thread-safe: one shipper owns it.
/// </summary>
public sealed class MetricWriter
{
    private readonly IDbContextFactory<MaeLabDb> _databases;
    private readonly Guid _runId;
    private readonly int _attempt;
    private readonly long _restoreStep;
    private readonly Dictionary<string, SeriesBuffer> _series = [];
    private SeriesBuffer? _latest;
    private PointLedger? _ledger;
    private PointLedger? _storedLedger;

    private MetricWriter(IDbContextFactory<MaeLabDb> databases, Guid runId, int attempt, long restoreStep) =>
        (_databases, _runId, _attempt, _restoreStep) = (databases, runId, attempt, restoreStep);

    /// <summary>
    /// Reads how far the run's series are. An attempt that has chunks already (its shipper was restarted) goes on where
    /// it was; points that come a second time then are left out.
    /// </summary>
    /// <param name="attempt">The fence.</param>
    /// <param name="restoreStep">Points of earlier attempts past this step no longer count in the summaries.</param>
    public static async Task<MetricWriter> OpenAsync(
        IDbContextFactory<MaeLabDb> databases, Guid runId, int attempt, long restoreStep, CancellationToken cancellationToken)
    {
        var writer = new MetricWriter(databases, runId, attempt, restoreStep);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var series = await db.Series.Where(s => s.RunId == runId).AsNoTracking().ToListAsync(cancellationToken);
        var through = await CountedSeries.ReadAsync(db, series, cancellationToken, attempt, restoreStep);
        var before = await CountedSeries.ReadAsync(db, series, cancellationToken, attempt, restoreStep - 1);
        foreach (var (stored, upToRestore, beforeRestore) in series.Zip(through, before))
        {
            writer.Buffer(stored.Name).Continue(stored.Id, Total(upToRestore), Total(beforeRestore));
        }

        var own = from chunk in db.MetricChunks
                  join owner in db.Series on chunk.SeriesId equals owner.Id
                  where owner.RunId == runId && chunk.Attempt == attempt
                  orderby chunk.SeriesId, chunk.FirstStep
                  select new { owner.Name, Chunk = chunk };
        foreach (var stored in await own.AsNoTracking().ToListAsync(cancellationToken))
        {
            writer.Buffer(stored.Name).Reopen(stored.Chunk);
        }

        writer._storedLedger = await db.PointLedgers.Where(row => row.RunId == runId && row.Attempt == attempt)
            .Select(row => new PointLedger(row.Produced, row.Stored, row.Dropped)).SingleOrDefaultAsync(cancellationToken);
        writer._ledger = writer._storedLedger;
        return writer;
    }

    /// <summary>Takes points; touches no database.</summary>
    /// <exception cref="ArgumentException">
    /// A step of a series does not rise, or lies before the restore step. The points before it are taken.
    /// </exception>
    public void Add(IEnumerable<MetricPoint> points)
    {
        // Not through the interface: two virtual calls a point cost as much as to take it in.
        var array = points is List<MetricPoint> list ? CollectionsMarshal.AsSpan(list) : points as MetricPoint[] ?? [.. points];
        foreach (ref readonly var point in array)
        {
            NextBuffer(point.Series).Add(point.Step, point.Value);
        }
    }

    /// <summary>
    /// Takes how many points the attempt has produced and dropped so far; touches no database. Counts only rise: what an
    /// earlier shipper of the attempt told stays, should a replay tell less.
    /// </summary>
    public void Account(long produced, long dropped) =>
        _ledger = new(Math.Max(produced, _ledger?.Produced ?? 0), 0, Math.Max(dropped, _ledger?.Dropped ?? 0));

    /// <summary>
    /// Upserts every chunk and summary changed since the last flush, and the ledger, in one transaction that checks the fence.
    /// Should it fail, nothing is lost: the next one writes the same and what came since.
    /// </summary>
    /// <exception cref="FenceLostException">A newer attempt owns the run; nothing was written.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var dirty = _series.Values.Where(s => s.IsDirty).ToList();
        var ledger = _ledger is null ? null : _ledger with { Stored = _series.Values.Sum(s => s.OwnCount) };
        if (dirty.Count == 0 && ledger == _storedLedger)
        {
            return;
        }

        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        await using var fence = await Fence.BeginAsync(db, _runId, _attempt, cancellationToken);
        var ids = await SeriesIdsAsync(db, dirty, cancellationToken);
        var chunks = dirty.SelectMany(s => s.ChunksFor(ids[s.Name])).ToList();
        var summaries = dirty.Select(s => SummaryRow(s, ids[s.Name])).ToList();
        var ledgerRow = ledger is null || ledger == _storedLedger ? null
            : new PointLedgerRow { RunId = _runId, Attempt = _attempt, Produced = ledger.Produced, Stored = ledger.Stored, Dropped = ledger.Dropped };
        if (db is PostgresDb)
        {
            await PostgresMetrics.CommitAsync(db, fence, chunks, summaries, ledgerRow, cancellationToken);
        }
        else
        {
            await SqliteMetrics.CommitAsync(db, fence, chunks.Select(chunk => chunk.Row), summaries, ledgerRow, cancellationToken);
        }

        _storedLedger = ledger;
        foreach (var series in dirty)
        {
            series.MarkStored(ids[series.Name]);
        }
    }

    private static SeriesTotals Total(CountedSeries series) =>
        series.Chunks.Aggregate(SeriesTotals.None, (totals, chunk) => totals.With(chunk.Stored.Attempt, chunk.Summary));

    /// <summary>
    /// A step's series come in the order of the step before, so the one that followed last time is tried first: it costs a fifth of
    /// looking the name up.
    /// </summary>
    private SeriesBuffer NextBuffer(string name)
    {
        var buffer = _latest?.Next is { } expected && expected.Name == name ? expected : Buffer(name);
        _latest?.Next = buffer;
        return _latest = buffer;
    }

    private SeriesBuffer Buffer(string name)
    {
        if (!_series.TryGetValue(name, out var buffer))
        {
            _series.Add(name, buffer = new SeriesBuffer(name, _attempt, _restoreStep));
        }

        return buffer;
    }

    /// <summary>
    /// Ids of the series, new ones inserted. Looks for them first: an earlier flush may have been committed although
    /// its answer never arrived.
    /// </summary>
    private async Task<Dictionary<string, long>> SeriesIdsAsync(MaeLabDb db, List<SeriesBuffer> dirty, CancellationToken cancellationToken)
    {
        var ids = dirty.Where(s => s.Id is not null).ToDictionary(s => s.Name, s => s.Id!.Value);
        var unknown = dirty.Where(s => s.Id is null).Select(s => s.Name).ToList();
        if (unknown.Count == 0)
        {
            return ids;
        }

        var rows = await db.Series.Where(s => s.RunId == _runId && unknown.Contains(s.Name)).ToListAsync(cancellationToken);
        var added = unknown.Except(rows.Select(r => r.Name)).Select(name => new SeriesRow { RunId = _runId, Name = name }).ToList();
        db.Series.AddRange(added);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var row in rows.Concat(added))
        {
            ids.Add(row.Name, row.Id);
        }

        return ids;
    }

    private MetricSummaryRow SummaryRow(SeriesBuffer series, long id)
    {
        var totals = series.Totals();
        return new MetricSummaryRow
        {
            SeriesId = id,
            RunId = _runId,
            Name = series.Name,
            Attempt = totals.Attempt,
            Count = totals.Count,
            LastStep = totals.LastStep,
            Last = totals.Last,
            Min = totals.Min,
            Max = totals.Max,
        };
    }
}
