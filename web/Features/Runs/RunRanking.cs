using System.Linq.Expressions;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Runs;

/// <summary>
/// Runs in an order. Those without a value to sort by come last in either direction, read by themselves, so that an index can serve the others.
/// </summary>
/// <param name="Ranked">The runs that have a value, a finite one.</param>
/// <param name="Others">Null where all have one.</param>
internal sealed record RunRanking(RunOrder Order, IQueryable<KeyedRun> Ranked, IQueryable<KeyedRun>? Others)
{
    /// <summary>No measured value lies beyond; SQLite's stand-in for not-a-number does.</summary>
    private const double Beyond = 1e300;

    private bool ByText => Order.Column == RunColumn.State || Order.Column == RunColumn.Experiment
        || (Order.Column.Kind == RunColumnKind.Recipe && !RecipeFields.Find(Order.Column.Name)!.IsNumber());

    public static RunRanking Of(MaeLabDb db, IQueryable<RunRow> runs, RunOrder order)
    {
        var column = order.Column;
        return column.Kind switch
        {
            _ when column == RunColumn.Created => new(order, runs.WithoutKey(), null),
            _ when column == RunColumn.Experiment => new(order, runs.Join(
                db.Experiments, run => run.ExperimentId, experiment => experiment.Id, (run, experiment) => new KeyedRun { Run = run, Number = null, Text = experiment.Name }), null),
            _ when column == RunColumn.State => new(order, runs.Select(run => new KeyedRun { Run = run, Number = null, Text = run.State.ToString() }), null),
            _ when column == RunColumn.Progress => new(order, runs.Select(run => new KeyedRun
            {
                Run = run,
                Number = run.State == RunState.Completed ? 1.0 : run.TotalSteps > 0 ? (double)run.Step / run.TotalSteps : 0.0,
                Text = null,
            }), null),
            _ when column == RunColumn.Loss => Finite(order, runs.Select(run => new KeyedRun { Run = run, Number = run.Loss, Text = null })),
            _ when column == RunColumn.ImagesPerSecond => Finite(order, runs.Select(run => new KeyedRun { Run = run, Number = run.ImagesPerSecond, Text = null })),
            _ when column == RunColumn.Priority => new(order, runs.Select(run => new KeyedRun { Run = run, Number = run.Priority, Text = null }), null),
            _ when column == RunColumn.Attempt => new(order, runs.Select(run => new KeyedRun { Run = run, Number = run.Attempt, Text = null }), null),
            RunColumnKind.Recipe => Given(order, runs.Keyed(RecipeFields.Find(column.Name)!)),
            RunColumnKind.Last or RunColumnKind.Best => ByMetric(db, runs, order),
            _ => throw new ArgumentException($"Runs have no order by {column.Word}.", nameof(order)),
        };
    }

    public IOrderedQueryable<KeyedRun> Sort(IQueryable<KeyedRun> runs)
    {
        if (Order.Column == RunColumn.Created || ReferenceEquals(runs, Others))
        {
            return Order.Descending ? runs.OrderByDescending(run => run.Run.Id) : runs.OrderBy(run => run.Run.Id);
        }

        return (ByText, Order.Descending) switch
        {
            (true, true) => runs.OrderByDescending(run => run.Text).ThenByDescending(run => run.Run.Id),
            (true, false) => runs.OrderBy(run => run.Text).ThenBy(run => run.Run.Id),
            (false, true) => runs.OrderByDescending(run => run.Number).ThenByDescending(run => run.Run.Id),
            (false, false) => runs.OrderBy(run => run.Number).ThenBy(run => run.Run.Id),
        };
    }

    /// <summary>Those that follow the cursor.</summary>
    public IQueryable<KeyedRun> After(IQueryable<KeyedRun> runs, RunCursor cursor)
    {
        var (number, text, id) = (cursor.Number, cursor.Text, cursor.Id);
        return runs.Where((cursor, Order.Descending) switch
        {
            ({ HasKey: false }, true) => run => run.Run.Id < id,
            ({ HasKey: false }, false) => run => run.Run.Id > id,
            ({ Text: not null }, true) => run => string.Compare(run.Text, text) < 0 || (run.Text == text && run.Run.Id < id),
            ({ Text: not null }, false) => run => string.Compare(run.Text, text) > 0 || (run.Text == text && run.Run.Id > id),
            (_, true) => run => run.Number < number || (run.Number == number && run.Run.Id < id),
            (_, false) => (Expression<Func<KeyedRun, bool>>)(run => run.Number > number || (run.Number == number && run.Run.Id > id)),
        });
    }

    private static RunRanking ByMetric(MaeLabDb db, IQueryable<RunRow> runs, RunOrder order)
    {
        var name = order.Column.Name;
        // Whatever jobs cannot have found is read from the summaries alone, so that their index serves the order.
        var measured = MeasuredQueries.MayBeFoundByJobs(name) ? db.Measured(runs) : db.MetricSummaries.Select(summary => new MeasuredValue
        {
            RunId = summary.RunId,
            Name = summary.Name,
            Last = summary.Last,
            Min = summary.Min,
            Max = summary.Max,
        });
        var named = measured.Where(value => value.Name == name);
        var scores = (order.Column.Kind, MetricInfo.Of(name).Better) switch
        {
            (RunColumnKind.Last, _) => named.Select(value => new Score { RunId = value.RunId, Value = value.Last }),
            (_, BetterWhen.Lower) => named.Select(value => new Score { RunId = value.RunId, Value = value.Min }),
            _ => named.Select(value => new Score { RunId = value.RunId, Value = value.Max }),
        };
        var finite = scores.Where(score => score.Value < Beyond && score.Value > -Beyond);
        return new(
            order,
            runs.Join(finite, run => run.Id, score => score.RunId, (run, score) => new KeyedRun { Run = run, Number = score.Value, Text = null }),
            runs.Where(run => !finite.Any(score => score.RunId == run.Id)).WithoutKey());
    }

    private static RunRanking Finite(RunOrder order, IQueryable<KeyedRun> keyed) => new(
        order,
        keyed.Where(run => run.Number < Beyond && run.Number > -Beyond),
        keyed.Where(run => run.Number == null || !(run.Number < Beyond && run.Number > -Beyond)).Select(run => run.Run).WithoutKey());

    private static RunRanking Given(RunOrder order, IQueryable<KeyedRun> keyed) => new(
        order,
        keyed.Where(run => run.Number != null || run.Text != null),
        keyed.Where(run => run.Number == null && run.Text == null).Select(run => run.Run).WithoutKey());

    private sealed class Score
    {
        public required Guid RunId { get; init; }

        public required double Value { get; init; }
    }
}
