using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Color">CSS, see <see cref="ChartColors"/>.</param>
/// <param name="Dash">See <see cref="ChartDashes"/>; 0: solid.</param>
/// <param name="Seeds">Where it is a mean: over how many seeds, point by point; smallest and largest are then its interval.</param>
/// <param name="Marks">Places to be marked at the foot of the chart; null: none.</param>
public sealed record LineSeries(
    string Label, string Color, Curve Curve, int Dash = 0, IReadOnlyList<int>? Seeds = null, IReadOnlyList<double>? Marks = null);

/// <summary>New points of the series with this index.</summary>
/// <param name="Smoothed">As many as points; null where the chart's series are not smoothed.</param>
/// <param name="X">Where they lie on an axis other than the step; null: at their steps.</param>
public readonly record struct LinePoints(int Series, IReadOnlyList<MetricPoint> Points, IReadOnlyList<double>? Smoothed = null, IReadOnlyList<double>? X = null);
