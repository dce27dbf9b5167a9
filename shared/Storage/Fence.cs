using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MaeLab.Storage;

/// <summary>The guard of every runner write: the run's newest attempt may write, any other may not.</summary>
internal static class Fence
{
    /// <summary>
    /// Begins a transaction during which the attempt stays the newest one. PostgreSQL locks the run's row against the
    /// scheduler's next update; SQLite's transactions (BEGIN IMMEDIATE) keep every other writer out anyway.
    /// </summary>
    /// <exception cref="FenceLostException">Another attempt owns the run.</exception>
    public static async Task<IDbContextTransaction> BeginAsync(MaeLabDb db, Guid runId, int attempt, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            var found = db is PostgresDb
                ? await db.Database.SqlQuery<int>($"SELECT attempt FROM runs WHERE id = {runId} FOR SHARE").ToListAsync(cancellationToken)
                : await db.Runs.Where(r => r.Id == runId).Select(r => r.Attempt).ToListAsync(cancellationToken);
            int? current = found.Count == 0 ? null : found[0];
            return current == attempt ? transaction : throw new FenceLostException(runId, attempt, current);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }
}
