using MaeLab.Web.Charts;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Theory;

/// <summary>From details to the panels of a figure. All are empty where no side has the probe.</summary>
public static class FigurePanels
{
    /// <summary>More places than these along an axis are not written one by one.</summary>
    private const int MostLevels = 16;

    /// <summary>Beside a value of 1, what is below this is rounding.</summary>
    private const double SinglePrecision = 1e-7;

    /// <summary>More lines than these are not told one by one.</summary>
    private const int MostTold = 6;

    /// <summary>One chart with a line for each side.</summary>
    public static IEnumerable<TheoryPanel> Overlay<T>(
        string heading, string probe, IReadOnlyList<TheorySide> sides, SliceAxis x, SliceAxis y, Func<T, IEnumerable<(double X, double Y)>> pointsOf)
        where T : class
    {
        List<SliceLine> lines = [.. from side in sides let details = side.Find<T>(probe) where details is not null select Line(side.Name, side.Color, pointsOf(details), y)];
        if (lines.Count > 0 && lines.All(line => line.Points.Count == 1))
        {
            // A stack of one layer: a number a side is no chart.
            yield return new FactsPanel(
                heading.Length > 0 ? heading : y.Label, lines.ConvertAll(line => line.Label), [new(heading.Length > 0 ? heading : y.Label, lines.ConvertAll(line => (double?)line.Points[0].Mean))]);
        }
        else if (lines.Count > 0)
        {
            yield return new LinesPanel(heading, Words(heading.Length > 0 ? heading : y.Label, lines), new(Places(x, lines), y.Log ? Range(y, lines, least: 0) : y, lines));
        }
    }

    /// <summary>A chart for each side, with the same values along their y axes.</summary>
    /// <param name="linesOf">Label and points of each line; labels that are numbers have colours in their order.</param>
    public static IEnumerable<TheoryPanel> Pair<T>(
        string heading, string probe, IReadOnlyList<TheorySide> sides, SliceAxis x, SliceAxis y,
        Func<TheorySide, T, IEnumerable<(string Name, string Level, IEnumerable<(double X, double Y)> Points)>> linesOf)
        where T : class
    {
        var charts = (
            from side in sides
            let details = side.Find<T>(probe)
            where details is not null
            let lines = linesOf(side, details).ToList()
            let levels = lines.ConvertAll(line => (string?)line.Level)
            select (side.Name, Lines: lines.Select((line, n) => Line(line.Name, LevelColors.Of(levels, n), line.Points, y)).ToList())).ToList();
        var shared = Range(y, charts.SelectMany(chart => chart.Lines), SinglePrecision);
        return charts.Select(chart => new LinesPanel(
            heading.Length > 0 ? $"{chart.Name}: {heading}" : chart.Name, Words($"{y.Label}, {chart.Name}", chart.Lines), new(Places(x, chart.Lines), shared, chart.Lines)));
    }

    /// <summary>One value a layer as points.</summary>
    /// <param name="first">Number of the first: 0 is the embedding.</param>
    public static IEnumerable<(double X, double Y)> Layers(IEnumerable<double> values, int first = 1) => values.Select((value, n) => ((double)(first + n), value));

    public static SliceAxis LayerAxis(string stack = "Layer") => new(stack);

    /// <param name="sides">Those that have the values.</param>
    public static IEnumerable<TheoryPanel> Facts<T>(string probe, IReadOnlyList<TheorySide> sides, params IReadOnlyList<(string Label, Func<T, double> Of)> rows)
        where T : class
    {
        var found = sides.Select(side => (side.Name, Details: side.Find<T>(probe))).Where(side => side.Details is not null).ToList();
        if (found.Count > 0)
        {
            yield return new FactsPanel(
                MetricInfo.Of(probe).Label, found.ConvertAll(side => side.Name), [.. rows.Select(row => new FactRow(row.Label, found.ConvertAll(side => (double?)row.Of(side.Details!))))]);
        }
    }

    /// <summary>One table of all that is plain numbers, where the first of it stood.</summary>
    public static IReadOnlyList<TheoryPanel> Gather(IReadOnlyList<TheoryPanel> panels)
    {
        List<FactsPanel> tables = [.. panels.OfType<FactsPanel>()];
        return tables.Count < 2 || tables.Any(table => !table.Columns.SequenceEqual(tables[0].Columns))
            ? panels
            : [.. panels.Where(panel => panel is not FactsPanel || ReferenceEquals(panel, tables[0]))
                .Select(panel => panel is FactsPanel ? tables[0] with { Words = string.Join("; ", tables.Select(table => table.Words)), Rows = [.. tables.SelectMany(table => table.Rows)] } : panel)];
    }

    private static SliceLine Line(string label, string color, IEnumerable<(double X, double Y)> points, SliceAxis y) =>
        new(label, color, [.. points.Where(point => double.IsFinite(point.Y) && (!y.Log || point.Y > 0)).Select(point => new SlicePoint(point.X, point.Y, null, null, 0, []))]);

    private static SliceAxis Places(SliceAxis axis, IEnumerable<SliceLine> lines)
    {
        var places = lines.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order().ToList();
        return axis.Log || places.Count is 0 or > MostLevels ? axis : axis with { Levels = places };
    }

    /// <summary>Whole decades, or from 0 up to a round number.</summary>
    /// <param name="least">Decades below this share of the largest value are left out.</param>
    private static SliceAxis Range(SliceAxis axis, IEnumerable<SliceLine> lines, double least)
    {
        var values = lines.SelectMany(line => line.Points).Select(point => point.Mean).ToList();
        if (values.Count == 0 || (!axis.Log && values.Min() < 0))
        {
            return axis;
        }

        var (low, high) = (values.Min(), values.Max());
        if (axis.Log)
        {
            return axis with { Min = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(low, high * least)))), Max = Math.Pow(10, Math.Ceiling(Math.Log10(high))) };
        }

        var step = Math.Pow(10, Math.Floor(Math.Log10(high > 0 ? high : 1)));
        return axis with { Min = 0, Max = Math.Ceiling(2 * high / step) * step / 2 };
    }

    private static string Words(string what, List<SliceLine> lines)
    {
        var told = lines.Where(line => line.Points.Count > 0).Take(MostTold)
            .Select(line => $"{line.Label} {Format.Number(line.Points[0].Mean)} at {Format.Number(line.Points[0].X)} to {Format.Number(line.Points[^1].Mean)} at {Format.Number(line.Points[^1].X)}");
        return $"{what}: {string.Join("; ", told)}{(lines.Count > MostTold ? $"; and {lines.Count - MostTold} more lines" : "")}";
    }
}
