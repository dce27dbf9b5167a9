using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Color">CSS, see <see cref="ChartColors"/>.</param>
public sealed record LineSeries(string Label, string Color, Curve Curve, bool Dashed = false);

/// <summary>New points of the series with this index.</summary>
public readonly record struct LinePoints(int Series, IReadOnlyList<MetricPoint> Points);
