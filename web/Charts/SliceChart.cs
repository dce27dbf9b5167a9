namespace MaeLab.Web.Charts;

/// <summary>A <see cref="SliceModel"/> with error bars.</summary>
public sealed class SliceChart() : ModelChart<SliceModel>("sliceChart.js", "slice-chart");
