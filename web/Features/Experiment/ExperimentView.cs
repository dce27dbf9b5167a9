using System.Text.Json;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;

namespace MaeLab.Web.Features.Experiment;

/// <summary>All that the page of an experiment shows at one moment, its curves excepted.</summary>
/// <param name="Held">Factors that a person holds at a level; those of the query also count what a star holds.</param>
public sealed record ExperimentView(
    ExperimentResults Results, IReadOnlyList<string> MetricNames, IReadOnlyDictionary<string, string> Held, MatrixQuery Query, Matrix Matrix)
{
    public ExperimentDetail Experiment => Results.Experiment;

    public IReadOnlyList<RunSummary> Runs => Results.Runs;

    public SliceModel Slice { get; } = SliceOf.Matrix(Matrix);
}

/// <summary>Reads an <see cref="ExperimentView"/>, once for all browsers that look at the same.</summary>
public sealed class ExperimentViewReader(ExperimentReader experiments, MatrixReader metrics, ResultReader results)
{
    private readonly SharedReading<string, ExperimentView?> _readings = new();

    /// <returns>Null where there is no such experiment (yet).</returns>
    public Task<ExperimentView?> ReadAsync(
        Guid id, string? rows, string? columns, string? metric, ValueChoice value, IReadOnlyDictionary<string, string> held, CancellationToken cancellationToken) =>
        _readings.ReadAsync(
            JsonSerializer.Serialize(new object?[] { id, rows, columns, metric, value, held }),
            () => ReadAsync(id, rows, columns, metric, value, held),
            cancellationToken);

    private async Task<ExperimentView?> ReadAsync(
        Guid id, string? rows, string? columns, string? metric, ValueChoice value, IReadOnlyDictionary<string, string> held)
    {
        var cancellationToken = CancellationToken.None;
        if (await experiments.FindAsync(id, cancellationToken) is not { } experiment)
        {
            return null;
        }

        var names = await metrics.MetricNamesAsync(id, cancellationToken);
        var query = MatrixQuery.Create(experiment.Axes, rows, columns, metric, names, value, held);
        var read = await results.ReadAsync(experiment, query.Metric, query.Value, cancellationToken);
        query = query.HoldingBaseline(experiment.Design, experiment.Axes, read.Runs);
        return new(read, names, held, query, read.ToMatrix(query));
    }
}
