using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace MaeLab.Storage;

/// <summary>
/// The transaction of a runner's write: committed only where the attempt is the run's newest one, rolled back when
/// disposed before. What an older attempt wrote never becomes visible.
/// </summary>
internal sealed class Fence : IAsyncDisposable
{
    // A deleted run can be had back, so what its runner still has to say is kept: deleted ones are looked at too.
    private const string AttemptOfRun = "SELECT attempt FROM runs WHERE id = $1";
    private const string AttemptKeptFromChanging = $"{AttemptOfRun} FOR SHARE";

    private readonly MaeLabDb _db;
    private readonly IDbContextTransaction _transaction;
    private readonly Guid _runId;
    private readonly int _attempt;

    private Fence(MaeLabDb db, IDbContextTransaction transaction, Guid runId, int attempt) =>
        (_db, _transaction, _runId, _attempt) = (db, transaction, runId, attempt);

    /// <summary>
    /// Begins the transaction. Looks without a lock: an attempt that has lost already is told so before it sends anything,
    /// and not by a row that its successor took away from under it.
    /// </summary>
    /// <exception cref="FenceLostException">Another attempt owns the run.</exception>
    public static async Task<Fence> BeginAsync(MaeLabDb db, Guid runId, int attempt, CancellationToken cancellationToken)
    {
        var fence = new Fence(db, await db.Database.BeginTransactionAsync(cancellationToken), runId, attempt);
        try
        {
            await fence.CompareAsync(AttemptOfRun, cancellationToken);
            return fence;
        }
        catch
        {
            await fence.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Compares once more, with the attempt kept from changing, and commits. PostgreSQL locks the run's row for that only now:
    /// a runner that is slow or dies while it writes must not hold up the scheduler, which updates that row. SQLite's
    /// transactions (BEGIN IMMEDIATE) have kept every other writer out since they began.
    /// </summary>
    /// <exception cref="FenceLostException">Another attempt owns the run by now; nothing was written.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_db is PostgresDb)
        {
            await CompareAsync(AttemptKeptFromChanging, cancellationToken);
        }

        await _transaction.CommitAsync(cancellationToken);
    }

    /// <summary>On PostgreSQL the same together with the last statements of the transaction, which none of them answers: each way there and back costs as much as one of them.</summary>
    /// <inheritdoc cref="CommitAsync(CancellationToken)"/>
    public async Task CommitAsync(NpgsqlBatch last, CancellationToken cancellationToken)
    {
        last.BatchCommands.Add(new(AttemptKeptFromChanging) { Parameters = { new() { Value = _runId } } });
        await last.PrepareAsync(cancellationToken);
        await using (var answer = await last.ExecuteReaderAsync(cancellationToken))
        {
            Compare(await answer.ReadAsync(cancellationToken) ? answer.GetInt32(0) : null);
        }

        await _transaction.CommitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();

    /// <param name="sql">For PostgreSQL, which takes longer to plan it than to answer.</param>
    private async Task CompareAsync(string sql, CancellationToken cancellationToken)
    {
        int? current;
        if (_db is PostgresDb)
        {
            await using var command = await ((NpgsqlConnection)_db.Database.GetDbConnection()).PreparedAsync(sql, cancellationToken, _runId);
            current = (int?)await command.ExecuteScalarAsync(cancellationToken);
        }
        else
        {
            current = await _db.Runs.IgnoreQueryFilters().Where(run => run.Id == _runId)
                .Select(run => (int?)run.Attempt).SingleOrDefaultAsync(cancellationToken);
        }

        Compare(current);
    }

    private void Compare(int? current)
    {
        if (current != _attempt)
        {
            throw new FenceLostException(_runId, _attempt, current);
        }
    }
}
