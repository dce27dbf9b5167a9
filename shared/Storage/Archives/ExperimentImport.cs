using System.Data.Common;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MaeLab.Storage.Archives;

/// <param name="Imported">False: an experiment of this id is there already, and nothing was done.</param>
public sealed record ImportedExperiment(Guid Id, string Name, int Runs, bool Imported)
{
    /// <summary>As an operator is told.</summary>
    public override string ToString() => Imported ? $"'{Name}' was imported with {Runs} runs ({Id})." : $"'{Name}' is there already ({Id}); nothing was done.";
}

/// <summary>
/// Reads an experiment from its archive into the database: all of it in one transaction, or nothing. Writes tables of all services, so
/// it is for the operator, not for a service.
/// </summary>
public sealed class ExperimentImport(IDbContextFactory<MaeLabDb> databases)
{
    /// <summary>So many rows, or bytes of them, are inserted at once.</summary>
    private const int Portion = 1000;
    private const int PortionBytes = 8 * 1024 * 1024;

    /// <param name="archive">Must be able to seek.</param>
    /// <exception cref="ArchiveException">Something is wrong with it; nothing was imported.</exception>
    public async Task<ImportedExperiment> ReadAsync(Stream archive, CancellationToken cancellationToken)
    {
        await using var reader = await ArchiveReader.OpenAsync(archive, cancellationToken);
        var experiment = reader.Manifest.Experiment;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Experiments.AnyAsync(row => row.Id == experiment.Id, cancellationToken))
        {
            return new(experiment.Id, experiment.Name, 0, Imported: false);
        }

        var reading = new RowReader(db, reader);
        foreach (var (table, part) in reading.Parts())
        {
            await InsertAsync(db, reader, table.Row, part, reading.ReadAsync(table.Row, part, cancellationToken), cancellationToken);
        }

        reader.RefuseRest();
        if (await db.Experiments.CountAsync(row => row.Id == experiment.Id && row.Name == experiment.Name, cancellationToken) == 0)
        {
            throw new ArchiveException(ArchiveFormat.Manifest, $"tells of the experiment {experiment.Id} '{experiment.Name}', which is not in the archive.");
        }

        var runs = await CloseOpenRunsAsync(db, experiment, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(experiment.Id, experiment.Name, runs, Imported: true);
    }

    /// <inheritdoc cref="ReadAsync"/>
    public async Task<ImportedExperiment> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new ArchiveException(path, "there is no such file.");
        }

        await using var file = File.OpenRead(path);
        return await ReadAsync(file, cancellationToken);
    }

    private static async Task InsertAsync(
        MaeLabDb db, ArchiveReader archive, Type type, ArchivedPart part, IAsyncEnumerable<(object Row, int Bytes)> rows, CancellationToken cancellationToken)
    {
        var portion = new List<object>();
        var bytes = 0L;
        var checkpoints = 0;
        await foreach (var (row, size) in rows.WithCancellation(cancellationToken))
        {
            portion.Add(row);
            bytes += size;
            if (portion.Count == Portion || bytes > PortionBytes || row is CheckpointRow)
            {
                await InsertAsync(portion);
                (portion, bytes) = ([], 0);
            }

            if (row is CheckpointRow checkpoint)
            {
                checkpoints++;
                await foreach (var piece in CheckpointPieces.ReadAsync(archive, checkpoint, checkpoints, cancellationToken))
                {
                    await db.BulkInsertAsync([piece], cancellationToken);
                }
            }
        }

        await InsertAsync(portion);

        async Task InsertAsync(List<object> some)
        {
            try
            {
                await db.BulkInsertAsync(type, await FreshAsync(db, some, cancellationToken), cancellationToken);
            }
            catch (DbException refused) when (IsRefusal(refused))
            {
                throw new ArchiveException(ArchiveFormat.Rows(part.Table), $"has a row that the database refuses: {refused.Message}", refused);
            }
        }
    }

    /// <summary>Runners of this laboratory are as they are: what an archive says of them is older.</summary>
    private static async Task<IReadOnlyList<object>> FreshAsync(MaeLabDb db, List<object> rows, CancellationToken cancellationToken)
    {
        if (rows is not [RunnerRow, ..])
        {
            return rows;
        }

        var ids = rows.Cast<RunnerRow>().Select(runner => runner.Id).ToList();
        var known = await db.Runners.Where(runner => ids.Contains(runner.Id)).Select(runner => runner.Id).ToListAsync(cancellationToken);
        return [.. rows.Cast<RunnerRow>().Where(runner => !known.Contains(runner.Id))];
    }

    /// <summary>
    /// Nobody trains what was imported: runs that were not over are cancelled (a person may retry them, from the newest checkpoint that
    /// came along), and attempts that were under way ended when their lease ran out.
    /// </summary>
    /// <returns>How many runs there are.</returns>
    private static async Task<int> CloseOpenRunsAsync(MaeLabDb db, ArchivedExperiment experiment, CancellationToken cancellationToken)
    {
        var runs = db.RunsAndJobs.Where(run => run.ExperimentId == experiment.Id);
        await db.RunAttempts.Where(attempt => attempt.EndedAt == null && runs.Any(run => run.Id == attempt.RunId))
            .ExecuteUpdateAsync(attempt => attempt.SetProperty(row => row.EndedAt, row => row.LeaseUntil), cancellationToken);
        foreach (var state in Enum.GetValues<RunState>().Where(state => !state.IsFinal()))
        {
            var reason = $"It was {state.ToString().ToLowerInvariant()} when the experiment was exported.";
            await runs.Where(run => run.State == state).ExecuteUpdateAsync(
                run => run.SetProperty(row => row.State, RunState.Cancelled)
                    .SetProperty(row => row.StopIntent, StopIntent.None)
                    .SetProperty(row => row.Reason, ReasonCode.User)
                    .SetProperty(row => row.ReasonText, reason)
                    .SetProperty(row => row.EndedAt, row => db.RunAttempts.Where(attempt => attempt.RunId == row.Id).Max(attempt => attempt.EndedAt) ?? row.CreatedAt),
                cancellationToken);
        }

        return await db.Runs.CountAsync(run => run.ExperimentId == experiment.Id, cancellationToken);
    }

    /// <summary>By the row, not by the disk or the network.</summary>
    private static bool IsRefusal(DbException error) => error switch
    {
        PostgresException { SqlState: ['2', '2' or '3', ..] } => true, // data exception, integrity constraint violation
        SqliteException { SqliteErrorCode: 19 } => true, // SQLITE_CONSTRAINT
        _ => false,
    };
}
