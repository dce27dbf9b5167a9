using MaeLab.Domain.Ablations;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment.Explore;

/// <summary>Runs in the space of their dimensions, as the charts draw them.</summary>
/// <param name="values">Last value by run, by series: those that the view names.</param>
public sealed class RunCloud(
    IReadOnlyList<Axis> factors, IReadOnlyList<RunSummary> runs, IReadOnlyDictionary<string, IReadOnlyDictionary<Guid, double>> values, ExploreView view)
{
    private const string NoValue = "var(--muted)";
    private const int LegendSteps = 5;

    private readonly Dictionary<string, Dimension> _dimensions = [];
    private readonly Dictionary<string, (double Low, double High)> _reaches = [];
    private readonly RunLevels? _levels = MatrixQuery.FieldsOf(factors).Contains(view.By) ? new(view.By, factors, runs) : null;

    /// <summary>In all that is marked; all runs while nothing is.</summary>
    public IReadOnlyList<RunSummary> Selected => [.. runs.Where(IsSelected)];

    public IReadOnlyList<LegendEntry> Legend
    {
        get
        {
            if (_levels is not null)
            {
                return [.. _levels.Labels.Select((label, index) => new LegendEntry(label, LevelColors.Of(_levels.All, index)))];
            }

            var by = Of(view.By);
            var (low, high) = Reach(view.By);
            return double.IsNaN(low) ? [] : [.. Enumerable.Range(0, LegendSteps).Select(step => (double)step / (LegendSteps - 1)).Select(share =>
                new LegendEntry((share == 0 ? $"{by.Label} " : "") + by.Show(low + (share * (high - low))), ChartColors.Sequence(share)))];
        }
    }

    /// <param name="name">Of a factor, the seed, or a series that the view names.</param>
    public Dimension Of(string name)
    {
        if (!_dimensions.TryGetValue(name, out var dimension))
        {
            dimension = MatrixQuery.FieldsOf(factors).Contains(name)
                ? Dimension.OfFactor(name, factors)
                : Dimension.OfMetric(name, values.GetValueOrDefault(name) ?? new Dictionary<Guid, double>());
            _dimensions.Add(name, dimension);
        }

        return dimension;
    }

    /// <summary>Smallest and largest value among the runs; not-a-number where none has one.</summary>
    public (double Low, double High) Reach(string name)
    {
        if (!_reaches.TryGetValue(name, out var reach))
        {
            var finite = runs.Select(Of(name).ValueOf).OfType<double>().ToList();
            reach = finite.Count == 0 ? (double.NaN, double.NaN) : (finite.Min(), finite.Max());
            _reaches.Add(name, reach);
        }

        return reach;
    }

    public string ColorOf(RunSummary run)
    {
        if (_levels is not null)
        {
            return LevelColors.Of(_levels.All, _levels.IndexOf(run));
        }

        var (low, high) = Reach(view.By);
        return Of(view.By).ValueOf(run) is { } value ? ChartColors.Sequence(high > low ? (value - low) / (high - low) : 0.5) : NoValue;
    }

    public static string NameOf(RunSummary run) => $"{run.CellName} · seed {run.Seed}";

    public ParallelModel Parallel()
    {
        var axes = view.Axes.Select(axis => (Of(axis.Name), axis.Flipped)).ToList();
        return new(
            [.. axes.Select(axis => new ParallelAxis(axis.Item1.Name, axis.Item1.Label, axis.Item1.Categories, axis.Item1.Percent, axis.Flipped))],
            [.. runs.Select(run => new ParallelLine(NameOf(run), ColorOf(run), [.. axes.Select(axis => axis.Item1.ValueOf(run))], !IsSelected(run)))],
            [.. view.Axes.SelectMany(axis => view.Ranges.Where(range => range.Name == axis.Name))]);
    }

    public ScatterModel Scatter()
    {
        var (x, y) = (Of(view.X), Of(view.Y));
        var placed = runs.Where(run => x.ValueOf(run) is not null && y.ValueOf(run) is not null).ToList();
        var points = placed.ConvertAll(run => new ScatterPoint(NameOf(run), ColorOf(run), x.ValueOf(run)!.Value, y.ValueOf(run)!.Value, !IsSelected(run)));
        var front = view.Pareto ? ParetoFront.Of([.. points.Select(point => (Sign(x) * point.X, Sign(y) * point.Y))]) : [];
        return new(
            new(x.Name, x.Label, x.Categories, x.Percent),
            new(y.Name, y.Label, y.Categories, y.Percent),
            points,
            [.. front.Select(index => new ScatterPlace(points[index].X, points[index].Y)).OrderBy(place => place.X)],
            x.Better == BetterWhen.Higher ? "start" : "end",
            [.. new[] { view.X, view.Y }.SelectMany(name => view.Ranges.Where(range => range.Name == name))]);
    }

    /// <summary>The metric against each factor, the others averaged over within each seed, or held where a star holds them.</summary>
    public IEnumerable<(string Field, SliceModel Model)> Slices(string metric, AblationDesign design) =>
        factors.Where(axis => axis.Levels.Count > 1).Select(axis => (axis.Field, SliceOf.Matrix(Matrix.Build(
            factors, runs, values.GetValueOrDefault(metric) ?? new Dictionary<Guid, double>(),
            new MatrixQuery(null, axis.Field, metric, new ValueChoice(), new Dictionary<string, string>()).HoldingBaseline(design, factors, runs)))));

    /// <summary>What has no better side is a cost: time, tokens, depth.</summary>
    private static int Sign(Dimension dimension) => dimension.Better == BetterWhen.Higher ? -1 : 1;

    private bool IsSelected(RunSummary run) => view.Ranges.All(range => range.Holds(Of(range.Name).ValueOf(run)));
}
