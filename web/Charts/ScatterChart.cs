namespace MaeLab.Web.Charts;

/// <summary>A <see cref="ScatterModel"/>; dragging marks a rectangle.</summary>
public sealed class ScatterChart() : BrushChart<ScatterModel>("scatterChart.js", "scatter-chart");
