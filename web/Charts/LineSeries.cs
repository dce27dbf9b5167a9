using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Color">CSS, see <see cref="ChartColors"/>.</param>
/// <param name="Dash">See <see cref="ChartDashes"/>; 0: solid.</param>
public sealed record LineSeries(string Label, string Color, Curve Curve, int Dash = 0);

/// <summary>New points of the series with this index.</summary>
public readonly record struct LinePoints(int Series, IReadOnlyList<MetricPoint> Points);
