using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Which of the values stored beside a series.</summary>
public enum MetricValue
{
    Last,
    Min,
    Max,
}

/// <summary>Reads the metrics of an experiment's runs from their summaries; touches no points.</summary>
public sealed class MatrixReader(IDbContextFactory<MaeLabDb> databases)
{
    /// <summary>Names of all series that any run of the experiment has.</summary>
    public async Task<IReadOnlyList<string>> MetricNamesAsync(Guid experimentId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.MetricSummaries
            .Where(summary => db.Runs.Any(run => run.Id == summary.RunId && run.ExperimentId == experimentId))
            .Select(summary => summary.Name).Distinct().OrderBy(name => name).ToListAsync(cancellationToken);
    }

    /// <returns>The metric by run, for the runs that have it.</returns>
    public async Task<IReadOnlyDictionary<Guid, double>> ValuesAsync(
        Guid experimentId, string metric, MetricValue value, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.MetricSummaries
            .Where(summary => summary.Name == metric && db.Runs.Any(run => run.Id == summary.RunId && run.ExperimentId == experimentId))
            .Select(summary => new
            {
                summary.RunId,
                Value = value == MetricValue.Last ? summary.Last : value == MetricValue.Min ? summary.Min : summary.Max,
            })
            .ToDictionaryAsync(summary => summary.RunId, summary => summary.Value, cancellationToken);
    }
}
