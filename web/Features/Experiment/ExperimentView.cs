using MaeLab.Web.Charts;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Experiment;

/// <summary>All that the page of an experiment shows at one moment, its curves excepted.</summary>
/// <param name="Held">Factors that a person holds at a level; those of the query also count what a star holds.</param>
public sealed record ExperimentView(
    ExperimentDetail Experiment, IReadOnlyList<RunSummary> Runs, IReadOnlyList<string> MetricNames,
    IReadOnlyDictionary<string, string> Held, MatrixQuery Query, Matrix Matrix)
{
    public SliceModel Slice { get; } = SliceOf.Matrix(Matrix);
}

/// <summary>Reads an <see cref="ExperimentView"/>.</summary>
public sealed class ExperimentViewReader(ExperimentReader experiments, RunReader runs, MatrixReader matrices)
{
    /// <returns>Null where there is no such experiment (yet).</returns>
    public async Task<ExperimentView?> ReadAsync(
        Guid id, string? rows, string? columns, string? metric, IReadOnlyDictionary<string, string> held, CancellationToken cancellationToken)
    {
        if (await experiments.FindAsync(id, cancellationToken) is not { } experiment)
        {
            return null;
        }

        var all = await runs.OfExperimentAsync(id, cancellationToken);
        var names = await matrices.MetricNamesAsync(id, cancellationToken);
        var query = MatrixQuery.Create(experiment.Axes, rows, columns, metric, names, MetricValue.Last, held)
            .HoldingBaseline(experiment.Design, experiment.Axes, all);
        var values = await matrices.ValuesAsync(id, query.Metric, query.Value, cancellationToken);
        return new(experiment, all, names, held, query, Matrix.Build(experiment.Axes, all, values, query));
    }
}
