using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Experiments;

/// <summary>An experiment in the list, with its heat map where it is small enough to be worth drawing.</summary>
public sealed record ExperimentCard(ExperimentSummary Experiment, Matrix? Matrix);

/// <summary>A page of the list of experiments.</summary>
public sealed record ExperimentCardList(IReadOnlyList<ExperimentCard> Items, string? NextCursor);

/// <summary>Reads the list of experiments with what their cells came to.</summary>
public sealed class ExperimentCards(ExperimentReader experiments, RunReader runs)
{
    /// <summary>Beyond this a stamp-sized heat map shows nothing any more, and costs too much for a list.</summary>
    private const int MaxRuns = 600;

    public async Task<ExperimentCardList> ReadAsync(Guid? before, int limit, CancellationToken cancellationToken)
    {
        var page = await experiments.ListAsync(before, limit, cancellationToken);
        var small = page.Items.Where(experiment => experiment.RunCount <= MaxRuns).Select(experiment => experiment.Id).ToList();
        var byExperiment = (await runs.OfExperimentsAsync(small, cancellationToken)).ToLookup(run => run.ExperimentId);
        return new([.. page.Items.Select(experiment => new ExperimentCard(
            experiment, experiment.RunCount <= MaxRuns ? ToMatrix(experiment, [.. byExperiment[experiment.Id]]) : null))], page.NextCursor);
    }

    private static Matrix ToMatrix(ExperimentSummary experiment, List<RunSummary> runs)
    {
        var probed = runs.Any(run => run.LinearAccuracy is not null);
        var metric = probed ? SeriesNames.LinearAccuracy : SeriesNames.TrainLoss;
        var values = runs.Select(run => (run.Id, Value: probed ? run.LinearAccuracy : run.Loss))
            .Where(run => run.Value is not null).ToDictionary(run => run.Id, run => run.Value!.Value);
        var query = MatrixQuery.Create(experiment.Axes, null, null, metric, [metric]).HoldingBaseline(experiment.Design, experiment.Axes, runs);
        return Matrix.Build(experiment.Axes, runs, values, query);
    }
}
