namespace MaeLab.Web.Charts;

/// <summary>A <see cref="ParallelModel"/>; dragging along an axis marks a stretch of it.</summary>
public sealed class ParallelChart() : BrushChart<ParallelModel>("parallelChart.js", "parallel-chart");
