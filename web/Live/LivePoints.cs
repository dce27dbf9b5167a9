using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;

namespace MaeLab.Web.Live;

/// <summary>New points of series, read once for all charts that end at the same steps.</summary>
public sealed class LivePoints(MetricReader metrics)
{
    private const int MaxPointsAtOnce = 2000;

    private readonly SharedReading<string, IReadOnlyList<IReadOnlyList<MetricPoint>>> _readings = new();

    /// <inheritdoc cref="MetricReader.ReadPointsAsync(IReadOnlyList{SeriesEnd}, int, CancellationToken)"/>
    public Task<IReadOnlyList<IReadOnlyList<MetricPoint>>> ReadAsync(IReadOnlyList<SeriesEnd> ends, CancellationToken cancellationToken) =>
        _readings.ReadAsync(
            string.Join('\n', ends.Select(end => $"{end.RunId} {end.AfterStep} {end.Name}")),
            () => metrics.ReadPointsAsync(ends, MaxPointsAtOnce, CancellationToken.None),
            cancellationToken);
}
