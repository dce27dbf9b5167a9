using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Checkpoints;

/// <summary>Checkpoints in 4 MiB pieces, streamed both ways in constant memory, visible once complete, verified when read.</summary>
public sealed class CheckpointStore(IDbContextFactory<MaeLabDb> databases, TimeProvider time)
{
    /// <summary>Stores the content and makes it visible; a failure on the way leaves nothing behind.</summary>
    /// <param name="id">UUIDv7 chosen by the caller; saving the same id again is harmless.</param>
    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    public Task<CheckpointRow> SaveAsync(
        Guid id, Guid runId, int attempt, long step, double epoch, bool final, Stream content, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <returns>The complete checkpoints of a run, newest (highest step) first.</returns>
    public Task<IReadOnlyList<CheckpointRow>> ListAsync(Guid runId, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Copies the content to <paramref name="target"/> and compares its SHA-256.</summary>
    /// <exception cref="CheckpointCorruptException">The content is not what was stored.</exception>
    public Task CopyToAsync(Guid id, Stream target, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Deletes all but the newest <paramref name="keepLast"/> and the final one, and half-written ones of older attempts.</summary>
    public Task PruneAsync(Guid runId, int attempt, int keepLast, CancellationToken cancellationToken) => throw new NotImplementedException();

    private readonly IDbContextFactory<MaeLabDb> _databases = databases;
    private readonly TimeProvider _time = time;
}
