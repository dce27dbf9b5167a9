using MaeLab.Web.Charts;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>From a metric's value to a colour; the brighter, the better where there is a better.</summary>
public sealed record HeatScale(double Min, double Max, bool Falling)
{
    public static HeatScale Of(Matrix matrix)
    {
        var means = matrix.Cells.Where(cell => cell.Value is not null).Select(cell => cell.Value!.Mean).DefaultIfEmpty(0).ToList();
        return new(means.Min(), means.Max(), MetricInfo.Of(matrix.Metric).Better == BetterWhen.Lower);
    }

    public string Fill(double value) => ChartColors.Heat(Share(value)).Fill;

    public string Text(double value) => ChartColors.Heat(Share(value)).Text;

    /// <summary>0 to 1; one half where all values are the same.</summary>
    private double Share(double value)
    {
        var share = Max > Min ? (value - Min) / (Max - Min) : 0.5;
        return Falling ? 1 - share : share;
    }
}
