using MaeLab.Storage;
using MaeLab.Storage.Metrics;
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
        var rows = await db.Measured(db.Runs.Where(run => run.ExperimentId == experimentId))
            .Where(measured => metrics.Contains(measured.Name))
            .Select(measured => new { measured.Name, measured.RunId, measured.Last })
            .ToListAsync(cancellationToken);
        return rows.GroupBy(row => row.Name).ToDictionary(
            group => group.Key, group => (IReadOnlyDictionary<Guid, double>)group.ToDictionary(row => row.RunId, row => row.Last));
    }
}
