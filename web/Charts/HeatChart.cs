namespace MaeLab.Web.Charts;

/// <summary>A <see cref="HeatModel"/>.</summary>
public sealed class HeatChart() : ModelChart<HeatModel>("heatChart.js", "heat-chart");
