using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Experiment.Explore;

/// <summary>Reads the last values of an experiment's series from their summaries; touches no points.</summary>
public sealed class CloudReader(IDbContextFactory<MaeLabDb> databases)
{
    /// <returns>By series, by run; runs without the series are left out.</returns>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<Guid, double>>> LastValuesAsync(
        Guid experimentId, IReadOnlyList<string> metrics, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.MetricSummaries
            .Where(summary => metrics.Contains(summary.Name) && db.Runs.Any(run => run.Id == summary.RunId && run.ExperimentId == experimentId))
            .Select(summary => new { summary.Name, summary.RunId, summary.Last })
            .ToListAsync(cancellationToken);
        return rows.GroupBy(row => row.Name).ToDictionary(
            group => group.Key, group => (IReadOnlyDictionary<Guid, double>)group.ToDictionary(row => row.RunId, row => row.Last));
    }
}
