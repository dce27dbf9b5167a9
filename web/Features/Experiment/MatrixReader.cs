using MaeLab.Storage;
using MaeLab.Storage.Metrics;
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
        return await db.Measured(db.Runs.Where(run => run.ExperimentId == experimentId))
            .Select(value => value.Name).Distinct().OrderBy(name => name).ToListAsync(cancellationToken);
    }

    /// <returns>The metric by run, for the runs that have it.</returns>
    public async Task<IReadOnlyDictionary<Guid, double>> ValuesAsync(
        Guid experimentId, string metric, MetricValue value, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Measured(db.Runs.Where(run => run.ExperimentId == experimentId)).Where(measured => measured.Name == metric)
            .Select(measured => new
            {
                measured.RunId,
                Value = value == MetricValue.Last ? measured.Last : value == MetricValue.Min ? measured.Min : measured.Max,
            })
            .ToDictionaryAsync(measured => measured.RunId, measured => measured.Value, cancellationToken);
    }
}
