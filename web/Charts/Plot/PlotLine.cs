namespace MaeLab.Web.Charts.Plot;

/// <summary>One line of a <see cref="SvgPlot"/>.</summary>
/// <param name="Color">CSS, see <see cref="ChartColors"/>.</param>
/// <param name="Dash">See <see cref="ChartDashes"/>; 0: solid.</param>
/// <param name="Points">By rising x; one that is not finite leaves a gap.</param>
public sealed record PlotLine(string Label, string Color, int Dash, IReadOnlyList<PlotPoint> Points);

/// <param name="Low">Lower end of the interval; null: there is none.</param>
public readonly record struct PlotPoint(double X, double Y, double? Low = null, double? High = null)
{
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);

    public bool HasInterval => Low is { } low && High is { } high && double.IsFinite(low) && double.IsFinite(high);
}
