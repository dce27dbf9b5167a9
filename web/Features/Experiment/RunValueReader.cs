using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Reads the one value of a series that stands for each run; touches points only for values within the training.</summary>
public sealed class RunValueReader(MatrixReader summaries, MetricReader series)
{
    /// <param name="runs">All of the experiment.</param>
    public async Task<RunValues> ReadAsync(
        Guid experimentId, IReadOnlyList<RunSummary> runs, string metric, ValueChoice choice, CancellationToken cancellationToken) => choice.Kind switch
        {
            ValueKind.AtStep => await AtStepAsync(runs, metric, choice, cancellationToken),
            ValueKind.AtBudget => await AtBudgetAsync(experimentId, runs, metric, choice, cancellationToken),
            _ => new(await summaries.ValuesAsync(experimentId, metric, Stored(choice.Kind, metric), cancellationToken), choice, null),
        };

    /// <summary>The last value at or before a step. A run that is not there yet has none, although it has earlier ones.</summary>
    public Task<IReadOnlyDictionary<Guid, double>> AtStepAsync(
        IReadOnlyList<RunSummary> runs, string metric, long step, CancellationToken cancellationToken) =>
        series.ReadValuesAsync(metric, runs.Where(run => run.Step >= step).ToDictionary(run => run.Id, _ => step), cancellationToken);

    /// <summary>Which of the values beside a series is the last, the best, the smallest or the largest.</summary>
    public static MetricValue Stored(ValueKind kind, string metric) => (kind, MetricInfo.Of(metric).Better) switch
    {
        (ValueKind.Min, _) or (ValueKind.Best, BetterWhen.Lower) => MetricValue.Min,
        (ValueKind.Max, _) or (ValueKind.Best, BetterWhen.Higher) => MetricValue.Max,
        _ => MetricValue.Last,
    };

    private async Task<RunValues> AtStepAsync(IReadOnlyList<RunSummary> runs, string metric, ValueChoice choice, CancellationToken cancellationToken)
    {
        var step = choice.Step ?? (Compared(runs) is { Count: > 0 } compared ? compared.Min(run => run.Step) : null);
        return step is null
            ? new(new Dictionary<Guid, double>(), choice, null)
            : new(await AtStepAsync(runs, metric, step.Value, cancellationToken), choice, step);
    }

    private async Task<RunValues> AtBudgetAsync(
        Guid experimentId, IReadOnlyList<RunSummary> runs, string metric, ValueChoice choice, CancellationToken cancellationToken)
    {
        var spent = await summaries.ValuesAsync(experimentId, choice.BudgetSeries, MetricValue.Last, cancellationToken);
        var compared = Compared([.. runs.Where(run => spent.TryGetValue(run.Id, out var value) && double.IsFinite(value))]);
        if (compared.Count == 0)
        {
            return new(new Dictionary<Guid, double>(), choice, null);
        }

        var budget = compared.Min(run => spent[run.Id]);
        List<Guid> reached = [.. runs.Select(run => run.Id).Where(id => spent.TryGetValue(id, out var value) && value >= budget)];
        var steps = await series.ReadStepsAsync(choice.BudgetSeries, reached, budget, cancellationToken);
        return new(await series.ReadValuesAsync(metric, steps, cancellationToken), choice, budget);
    }

    /// <summary>The runs that set what "all have reached" means: the complete ones, since one that has just begun would take it from all others.</summary>
    private static List<RunSummary> Compared(IReadOnlyList<RunSummary> runs) =>
        runs.Where(run => run.State == RunState.Completed).ToList() is { Count: > 0 } complete ? complete : [.. runs.Where(run => run.State.IsActive())];
}
