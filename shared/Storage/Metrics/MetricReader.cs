using MaeLab.Domain.Metrics;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Metrics;

/// <summary>What a chart asks for: a stretch of the x-axis and how many buckets it can draw.</summary>
/// <param name="XAxis">Null: the step. Otherwise the series that serves as x, for example <c>progress/epoch</c>.</param>
/// <param name="From">Null: from the first point.</param>
public sealed record CurveQuery(
    IReadOnlyList<Guid> RunIds, IReadOnlyList<string> Names, string? XAxis = null, double? From = null, double? To = null, int Buckets = 1000);

public sealed record RunCurve(Guid RunId, Curve Curve);

/// <summary>Reads series; takes each attempt only up to the restore step of the next.</summary>
public sealed class MetricReader(IDbContextFactory<MaeLabDb> databases)
{
    /// <summary>
    /// Curves on one bucket grid shared by all runs and series asked for. Chunk summaries serve where they are fine
    /// enough; the points are read only for a zoomed stretch. Runs or names without points are left out.
    /// </summary>
    public Task<IReadOnlyList<RunCurve>> ReadCurvesAsync(CurveQuery query, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Exact points of one series after the given step, for a live chart.</summary>
    public Task<IReadOnlyList<MetricPoint>> ReadPointsAsync(
        Guid runId, string name, long afterStep, int limit, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Names of all series of these runs, in order.</summary>
    public Task<IReadOnlyList<string>> ListNamesAsync(IReadOnlyList<Guid> runIds, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    private readonly IDbContextFactory<MaeLabDb> _databases = databases;
}
