using System.Globalization;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Charts;

namespace MaeLab.Web.Features.Experiment.Explore;

/// <summary>What the exploration of an experiment shows; all of it is in the address.</summary>
/// <param name="Axes">The parallel axes from left to right.</param>
/// <param name="X">Dimension across the scatter plot.</param>
/// <param name="By">Dimension that gives the colours.</param>
/// <param name="Ranges">What is marked: the selected runs lie in all of these.</param>
public sealed record ExploreView(IReadOnlyList<AxisChoice> Axes, string X, string Y, string By, bool Pareto, IReadOnlyList<ChartRange> Ranges)
{
    /// <summary>More at first would be too narrow to read.</summary>
    private const int FirstMetrics = 3;

    /// <summary>One axis has no lines.</summary>
    public const int FewestAxes = 2;

    private static readonly string[] s_telling =
        [SeriesNames.TrainLoss, SeriesNames.LinearAccuracy, SeriesNames.KnnAccuracy, SeriesNames.FineTuneAccuracy, SeriesNames.ReconstructionError, SeriesNames.ElapsedSeconds];

    /// <summary>All dimensions that it shows, each once.</summary>
    public IReadOnlyList<string> Names => [.. Axes.Select(axis => axis.Name).Concat([X, Y, By]).Concat(Ranges.Select(range => range.Name)).Distinct()];

    /// <summary>From an address, in which anything can stand: what the experiment does not have is left out, what is missing filled in.</summary>
    /// <param name="metric">The one that the other tabs show.</param>
    public static ExploreView Parse(
        IReadOnlyList<Axis> factors, IReadOnlyList<string> metrics, string metric, string? axes, string? x, string? y, string? by, bool pareto, string[]? ranges)
    {
        var fields = MatrixQuery.FieldsOf(factors);
        var known = fields.Concat(metrics).ToHashSet();
        // First those by which runs may be compared: a loss across patch sizes is none.
        var telling = s_telling.Prepend(metric).Intersect(metrics).OrderBy(name => Comparability.Guilty(fields, name).Count > 0).ToList();
        var chosen = (axes ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(AxisChoice.Parse).Where(axis => known.Contains(axis.Name)).DistinctBy(axis => axis.Name).ToList();
        return new(
            chosen.Count >= FewestAxes ? chosen : [.. (factors.Count > 0 ? fields.SkipLast(1) : fields).Concat(telling.Take(FirstMetrics)).Select(name => new AxisChoice(name, false))],
            Known(x) ?? telling.FirstOrDefault(name => name != metric) ?? fields[0],
            Known(y) ?? telling.FirstOrDefault() ?? fields[0],
            Known(by) ?? telling.FirstOrDefault() ?? fields[0],
            pareto,
            [.. (ranges ?? []).Select(Range).OfType<ChartRange>().Where(range => known.Contains(range.Name)).DistinctBy(range => range.Name)]);

        string? Known(string? name) => name is not null && known.Contains(name) ? name : null;
    }

    /// <summary>The query parameters that <see cref="Parse"/> reads.</summary>
    public IEnumerable<(string Name, object? Value)> Address() =>
    [
        ("axes", string.Join(',', Axes)), ("sx", X), ("sy", Y), ("by", By), ("pareto", Pareto ? true : null),
        ("brush", Ranges.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.Name}:{range.Low}:{range.High}")).ToArray()),
    ];

    /// <summary>All that a chart shows of the selection takes the place of what was marked on its axes before.</summary>
    public ExploreView Mark(IEnumerable<string> axes, IEnumerable<ChartRange> marked) =>
        this with { Ranges = [.. Ranges.Where(range => !axes.Contains(range.Name)), .. marked] };

    private static ChartRange? Range(string text) =>
        text.Split(':') is [var name, var low, var high]
        && double.TryParse(low, NumberStyles.Float, CultureInfo.InvariantCulture, out var left)
        && double.TryParse(high, NumberStyles.Float, CultureInfo.InvariantCulture, out var right)
            ? new(name, left, right)
            : null;
}
