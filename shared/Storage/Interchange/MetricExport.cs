using System.Runtime.CompilerServices;
using MaeLab.Storage.Metrics;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Interchange;

/// <summary>What the points of runs can be had as.</summary>
public enum MetricFormat
{
    /// <summary>A line a point, text.</summary>
    Csv,

    /// <summary>The same columns for pandas, DuckDB and the like.</summary>
    Parquet,

    /// <summary>A zip file with a folder of event files for each run.</summary>
    TensorBoard,
}

/// <summary>
/// All points of one run, or of all runs of an experiment, as a file that other programs read. Memory does not grow with the points:
/// they are read and written in portions.
/// </summary>
public sealed class MetricExport(IDbContextFactory<MaeLabDb> databases, MetricReader metrics)
{
    internal int Portion { get; init; } = 65_536;

    public async Task<IReadOnlyList<ExportedRun>> RunsOfAsync(Guid experimentId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var name = await db.Experiments.Where(row => row.Id == experimentId).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken) ?? "";
        return [.. (await db.Runs.AsNoTracking().Where(run => run.ExperimentId == experimentId).OrderBy(run => run.Index).ToListAsync(cancellationToken))
            .Select(run => ExportedRun.Of(name, run))];
    }

    /// <returns>The run or job, in a list of its own; empty where there is none.</returns>
    public async Task<IReadOnlyList<ExportedRun>> RunAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return [.. (await db.RunsAndJobs.AsNoTracking().Where(run => run.Id == id)
            .Join(db.Experiments, run => run.ExperimentId, experiment => experiment.Id, (run, experiment) => new { run, experiment.Name })
            .ToListAsync(cancellationToken)).Select(row => ExportedRun.Of(row.Name, row.run))];
    }

    public Task WriteAsync(IReadOnlyList<ExportedRun> runs, MetricFormat format, Stream target, CancellationToken cancellationToken) => format switch
    {
        MetricFormat.Csv => CsvPoints.WriteAsync(MetricColumns.Of(runs), ReadAsync(runs, cancellationToken), target, cancellationToken),
        MetricFormat.Parquet => ParquetPoints.WriteAsync(MetricColumns.Of(runs), ReadAsync(runs, cancellationToken), target, cancellationToken),
        MetricFormat.TensorBoard => new TensorBoardZip(databases, this).WriteAsync(runs, target, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown format."),
    };

    /// <summary>By run, then series by name, then step.</summary>
    internal async IAsyncEnumerable<ExportedPoints> ReadAsync(IEnumerable<ExportedRun> runs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var run in runs)
        {
            await foreach (var points in ReadAsync(run, await ReadClockAsync(run, cancellationToken), cancellationToken))
            {
                yield return points;
            }
        }
    }

    internal async IAsyncEnumerable<ExportedPoints> ReadAsync(ExportedRun run, RunClock clock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var series in await metrics.ListNamesAsync([run.Id], cancellationToken))
        {
            var after = long.MinValue;
            while (await metrics.ReadPointsAsync(run.Id, series, after, Portion, cancellationToken) is { Count: > 0 } points)
            {
                yield return new(run, clock, series, points);
                after = points[^1].Step;
            }
        }
    }

    internal async Task<RunClock> ReadClockAsync(ExportedRun run, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await RunClock.ReadAsync(db, metrics, run.Id, cancellationToken);
    }
}
