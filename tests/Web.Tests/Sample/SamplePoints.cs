using MaeLab.Domain.Metrics;
using MaeLab.Storage;
using MaeLab.Storage.Metrics;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Sample;

/// <summary>Points of one series, as the first attempt of a run writes them.</summary>
internal static class SamplePoints
{
    public static async Task WriteAsync(
        IDbContextFactory<MaeLabDb> databases, Guid run, string metric, (long Step, double Value)[] points, CancellationToken cancellationToken)
    {
        var writer = await MetricWriter.OpenAsync(databases, run, attempt: 1, restoreStep: 0, cancellationToken);
        writer.Add([.. points.Select(point => new MetricPoint(metric, point.Step, point.Value))]);
        await writer.FlushAsync(cancellationToken);
    }
}
