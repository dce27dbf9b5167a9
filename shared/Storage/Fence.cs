using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MaeLab.Storage;

/// <summary>
/// The transaction of a runner's write: committed only where the attempt is the run's newest one, rolled back when
/// disposed before. What an older attempt wrote never becomes visible.
/// </summary>
internal sealed class Fence : IAsyncDisposable
{
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
            // A deleted run can be had back, so what its runner still has to say is kept.
            fence.Compare(await db.Runs.IgnoreQueryFilters().Where(run => run.Id == runId).Select(run => run.Attempt).ToListAsync(cancellationToken));
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
            Compare(await _db.Database.SqlQuery<int>($"SELECT attempt FROM runs WHERE id = {_runId} FOR SHARE").ToListAsync(cancellationToken));
        }

        await _transaction.CommitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();

    private void Compare(List<int> found)
    {
        int? current = found.Count == 0 ? null : found[0];
        if (current != _attempt)
        {
            throw new FenceLostException(_runId, _attempt, current);
        }
    }
}
