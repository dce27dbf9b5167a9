namespace MaeLab.Web.Charts.Plot;

/// <param name="Label">As it stands at the axis.</param>
public readonly record struct PlotTick(double At, string Label);

/// <summary>The stretch that one side of a <see cref="SvgPlot"/> shows.</summary>
public sealed record PlotAxis(string Label, double From, double To, IReadOnlyList<PlotTick> Ticks)
{
    /// <summary>Room beyond the values, as a share of their range.</summary>
    private const double Margin = 0.04;

    /// <summary>Of the values, so many lie within the axis: a few first or diverging ones would leave the others no room.</summary>
    private const double Shown = 0.98;

    private const int Ticked = 5;

    /// <summary>An axis with ticks at round numbers.</summary>
    /// <param name="values">Those that are not finite are left out.</param>
    /// <param name="cut">Whether the largest few may lie beyond.</param>
    public static PlotAxis Of(string label, IEnumerable<double> values, Func<double, string> write, bool cut = false)
    {
        var finite = values.Where(double.IsFinite).Order().ToList();
        var (low, high) = finite.Count == 0 ? (0, 1) : (finite[0], finite[cut ? (int)((finite.Count - 1) * Shown) : ^1]);
        var room = high > low ? (high - low) * Margin : Math.Max(Math.Abs(high), 1) * Margin;
        var (from, to) = (low - room, high + room);
        var step = RoundStep((to - from) / Ticked);
        List<PlotTick> ticks = [];
        for (var tick = Math.Ceiling(from / step); tick * step <= to; tick++)
        {
            ticks.Add(new(tick * step, write(tick * step)));
        }

        return new(label, from, to, ticks);
    }

    /// <summary>An axis with ticks at these places only: the levels of a factor.</summary>
    public static PlotAxis Of(string label, IReadOnlyList<PlotTick> ticks)
    {
        var (low, high) = ticks.Count == 0 ? (0, 1) : (ticks.Min(tick => tick.At), ticks.Max(tick => tick.At));
        var room = high > low ? (high - low) * Margin * 2 : 1;
        return new(label, low - room, high + room, ticks);
    }

    /// <summary>0 at <see cref="From"/>, 1 at <see cref="To"/>.</summary>
    public double Share(double value) => (value - From) / (To - From);

    /// <summary>1, 2 or 5 times a power of ten, at least as large.</summary>
    private static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return new[] { 1, 2, 5, 10 }.Select(times => times * power).First(step => step >= least * 0.999);
    }
}
