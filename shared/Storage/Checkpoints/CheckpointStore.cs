using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using MaeLab.Domain.Recipes;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Checkpoints;

/// <summary>Checkpoints in 4 MiB pieces, streamed both ways in constant memory, visible once complete, verified when read.</summary>
public sealed class CheckpointStore(IDbContextFactory<MaeLabDb> databases, TimeProvider time)
{
    // Of 1, 4 and 8 MiB the fastest to read on PostgreSQL, and to write all but the fastest.
    internal const int PieceSize = 4 * 1024 * 1024;

    /// <summary>
    /// Stores the content and makes it visible; a failure on the way leaves nothing behind, or where the database was
    /// gone by then, invisible pieces that <see cref="PruneAsync"/> of a later attempt deletes.
    /// </summary>
    /// <param name="id">UUIDv7 chosen by the caller; saving the same id again is harmless and reads no content.</param>
    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    public Task<CheckpointRow> SaveAsync(
        Guid id, Guid runId, int attempt, long step, double epoch, bool final, Stream content, CancellationToken cancellationToken) =>
        SaveAsync(new() { Id = id, RunId = runId, Attempt = attempt, Step = step, Epoch = epoch, Final = final }, content, cancellationToken);

    /// <inheritdoc cref="SaveAsync(Guid, Guid, int, long, double, bool, Stream, CancellationToken)"/>
    internal async Task<CheckpointRow> SaveAsync(CheckpointRow row, Stream content, CancellationToken cancellationToken)
    {
        row.CreatedAt = time.GetUtcNow();
        if (await BeginAsync(row, cancellationToken) is { } saved)
        {
            return saved;
        }

        try
        {
            await WritePiecesAsync(row, content, cancellationToken);
            await CompleteAsync(row, cancellationToken);
            return row;
        }
        catch
        {
            await TryDeleteAsync(row.Id);
            throw;
        }
    }

    /// <returns>The complete checkpoints of a run, newest (highest step) first.</returns>
    public async Task<IReadOnlyList<CheckpointRow>> ListAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await NewestFirst(db, runId).AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <returns>Null where there is no complete checkpoint of this id, or its run was deleted.</returns>
    public async Task<CheckpointRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Checkpoints.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id && c.Complete, cancellationToken) is { } found
            && await db.Runs.AnyAsync(run => run.Id == found.RunId, cancellationToken) ? found : null;
    }

    /// <summary>
    /// Copies the content to <paramref name="target"/> and compares its SHA-256. Damage is found at the end: trust what
    /// was copied only once this returns. The last piece is written once the sum is right, so that a damaged copy is always
    /// a short one.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no complete checkpoint of this id, or it was deleted meanwhile.</exception>
    /// <exception cref="CheckpointCorruptException">The content is not what was stored.</exception>
    public async Task CopyToAsync(Guid id, Stream target, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await CopyToAsync(db, await FindCompleteAsync(db, id, cancellationToken), target, cancellationToken);
    }

    /// <inheritdoc cref="CopyToAsync(Guid, Stream, CancellationToken)"/>
    internal static async Task CopyToAsync(MaeLabDb db, CheckpointRow row, Stream target, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceSize];
        var held = 0;
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using (var select = db.Database.GetDbConnection().CreateCommand())
        {
            // One query for all pieces, read as they come: the server sends the next while this one is written.
            select.CommandText = """SELECT data FROM checkpoint_chunks WHERE checkpoint_id = @id ORDER BY "index" """;
            var key = select.CreateParameter();
            (key.ParameterName, key.Value) = ("@id", row.Id);
            select.Parameters.Add(key);
            await using var pieces = await select.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
            while (await pieces.ReadAsync(cancellationToken))
            {
                await target.WriteAsync(piece.AsMemory(0, held), cancellationToken);
                await using var data = pieces.GetStream(0);
                held = await data.ReadAtLeastAsync(piece, PieceSize, throwOnEndOfStream: false, cancellationToken);
                hash.AppendData(piece, 0, held);
            }
        }

        var actual = Hex(hash);
        if (actual != row.Sha256)
        {
            // Deleted by retention since we looked? Otherwise it is damaged.
            await FindCompleteAsync(db, row.Id, cancellationToken);
            throw new CheckpointCorruptException(row.Id, row.Sha256!, actual);
        }

        await target.WriteAsync(piece.AsMemory(0, held), cancellationToken);
    }

    /// <summary>Deletes what the plan does not keep, and half-written ones of older attempts.</summary>
    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    public async Task PruneAsync(Guid runId, int attempt, CheckpointPlan plan, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var fence = await Fence.BeginAsync(db, runId, attempt, cancellationToken);
        var complete = await NewestFirst(db, runId).Select(c => new SavedCheckpoint(c.Id, c.Step, c.Epoch, c.Final)).ToListAsync(cancellationToken);
        var best = await plan.KeepBest.StepAsync(db, runId, complete.ConvertAll(c => c.Step), cancellationToken);
        var old = plan.Superseded(complete, best).Select(c => c.Id).ToList();
        await db.CheckpointsAndStates
            .Where(c => c.RunId == runId && (old.Contains(c.Id) || (!c.Complete && c.Attempt < attempt)))
            .ExecuteDeleteAsync(cancellationToken);
        await fence.CommitAsync(cancellationToken);
    }

    /// <summary>Makes a damaged checkpoint invisible to everybody; its pieces go with the next removal of old ones.</summary>
    /// <param name="runId">The run that was to go on from it, or the job that was to look at it.</param>
    /// <exception cref="FenceLostException">A newer attempt owns that run.</exception>
    public async Task HideAsync(Guid id, Guid runId, int attempt, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var fence = await Fence.BeginAsync(db, runId, attempt, cancellationToken);
        if (await db.CheckpointsAndStates.SingleOrDefaultAsync(c => c.Id == id, cancellationToken) is { } damaged)
        {
            damaged.Complete = false;
            await db.SaveChangesAsync(cancellationToken);
        }

        await fence.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Deletes what no prune comes by any more: half-written checkpoints, and damaged ones that were hidden, of attempts that
    /// ended before <paramref name="endedBefore"/>. Needs no fence: nobody can see them.
    /// </summary>
    /// <returns>How many.</returns>
    public async Task<int> CollectAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.CheckpointsAndStates
            .Where(c => !c.Complete && db.RunAttempts.Any(a => a.RunId == c.RunId && a.Number == c.Attempt && a.EndedAt < endedBefore))
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <returns>The checkpoint if it is complete already; null where an invisible row now waits for its pieces.</returns>
    private async Task<CheckpointRow?> BeginAsync(CheckpointRow row, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var fence = await Fence.BeginAsync(db, row.RunId, row.Attempt, cancellationToken);
        if (await db.CheckpointsAndStates.AsNoTracking().SingleOrDefaultAsync(c => c.Id == row.Id && c.Complete, cancellationToken) is { } saved)
        {
            return saved;
        }

        // What an interrupted try left.
        await db.CheckpointsAndStates.Where(c => c.Id == row.Id).ExecuteDeleteAsync(cancellationToken);
        db.Checkpoints.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await fence.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>
    /// A short transaction a piece: the content comes at the pace of its source, and SQLite has room for one writer.
    /// Sets size and sum of the row.
    /// </summary>
    private async Task WritePiecesAsync(CheckpointRow row, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[PieceSize];
        for (var index = 0; ; index++)
        {
            var read = await content.ReadAtLeastAsync(buffer, PieceSize, throwOnEndOfStream: false, cancellationToken);
            if (read > 0)
            {
                hash.AppendData(buffer, 0, read);
                row.SizeBytes += read;
                var piece = read == PieceSize ? buffer : buffer[..read];
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                await using var fence = await Fence.BeginAsync(db, row.RunId, row.Attempt, cancellationToken);
                db.CheckpointChunks.Add(new CheckpointChunkRow { CheckpointId = row.Id, Index = index, Data = piece });
                await db.SaveChangesAsync(cancellationToken);
                await fence.CommitAsync(cancellationToken);
            }

            if (read < PieceSize)
            {
                row.Sha256 = Hex(hash);
                return;
            }
        }
    }

    private async Task CompleteAsync(CheckpointRow row, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var fence = await Fence.BeginAsync(db, row.RunId, row.Attempt, cancellationToken);
        row.Complete = true;
        db.Checkpoints.Update(row);
        await db.SaveChangesAsync(cancellationToken);
        await fence.CommitAsync(cancellationToken);
    }

    private async Task TryDeleteAsync(Guid id)
    {
        try
        {
            // Not the caller's token: it may be the reason why we are here.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await using var db = await databases.CreateDbContextAsync(patience.Token);
            await db.CheckpointsAndStates.Where(c => c.Id == id && !c.Complete).ExecuteDeleteAsync(patience.Token);
        }
        catch (Exception e) when (e is DbException or OperationCanceledException or InvalidOperationException or TimeoutException)
        {
            // The failure that brought us here tells more. What stays is invisible, and PruneAsync deletes it.
        }
    }

    private static IOrderedQueryable<CheckpointRow> NewestFirst(MaeLabDb db, Guid runId) =>
        db.Checkpoints.Where(c => c.RunId == runId && c.Complete).OrderByDescending(c => c.Step).ThenByDescending(c => c.CreatedAt);

    private static async Task<CheckpointRow> FindCompleteAsync(MaeLabDb db, Guid id, CancellationToken cancellationToken) =>
        await db.CheckpointsAndStates.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id && c.Complete, cancellationToken)
        ?? throw new KeyNotFoundException($"There is no checkpoint {id}: it was never completed, or retention has deleted it.");

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
