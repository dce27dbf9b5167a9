using MaeLab.Domain.Metrics;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Metrics;

/// <summary>
/// Writes the series of one attempt. Holds the open chunk of each series and upserts whole chunks, so that a retried
/// flush neither loses nor doubles a point. Not thread-safe: one shipper owns it.
/// </summary>
public sealed class MetricWriter
{
    /// <param name="attempt">The fence.</param>
    /// <param name="restoreStep">Points of earlier attempts past this step no longer count in the summaries.</param>
    public static Task<MetricWriter> OpenAsync(
        IDbContextFactory<MaeLabDb> databases, Guid runId, int attempt, long restoreStep, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Takes points; touches no database. Steps of a series rise; one that does not is an <see cref="ArgumentException"/>.</summary>
    public void Add(IEnumerable<MetricPoint> points) => throw new NotImplementedException();

    /// <summary>Upserts every chunk and summary changed since the last flush, in one transaction that checks the fence.</summary>
    /// <exception cref="FenceLostException">A newer attempt owns the run; nothing was written.</exception>
    public Task FlushAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
