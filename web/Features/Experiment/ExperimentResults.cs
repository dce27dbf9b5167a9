using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Experiment;

/// <summary>What the runs of an experiment came to by one metric, and what they cost.</summary>
/// <param name="Runs">All of the experiment.</param>
/// <param name="Values">Of the runs that count, see <see cref="RepeatedSeeds"/>.</param>
public sealed record ExperimentResults(
    ExperimentDetail Experiment, IReadOnlyList<RunSummary> Runs, string Metric, RunValues Values, IReadOnlyDictionary<Guid, RunCost> Costs)
{
    public RunValues Values { get; } = Values.Without(RepeatedSeeds.Of(Runs));

    public Matrix ToMatrix(MatrixQuery query) => Matrix.Build(
        Experiment.Axes, Runs, Values.ByRun, query.HoldingBaseline(Experiment.Design, Experiment.Axes, Runs), Costs);

    /// <inheritdoc cref="ExperimentComparisons.Of"/>
    public ExperimentComparisons? Compare(int? against) => ExperimentComparisons.Of(this, against);
}

/// <summary>Reads <see cref="ExperimentResults"/>.</summary>
public sealed class ResultReader(RunReader runs, RunValueReader values, RunCostReader costs)
{
    public async Task<ExperimentResults> ReadAsync(
        ExperimentDetail experiment, string metric, ValueChoice choice, CancellationToken cancellationToken)
    {
        var all = await runs.OfExperimentAsync(experiment.Id, cancellationToken);
        return new(
            experiment, all, metric, await values.ReadAsync(experiment.Id, all, metric, choice, cancellationToken),
            await costs.ReadAsync(experiment.Id, cancellationToken));
    }
}
