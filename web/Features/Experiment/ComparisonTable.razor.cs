using MaeLab.Domain.Statistics;
using MaeLab.Web.Charts;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiment;

public sealed partial class ComparisonTable
{
    private const string None = "–";

    private MetricInfo _metric = null!;
    private IntervalScale _scale = null!;

    [Parameter, EditorRequired]
    public required ExperimentComparisons Comparisons { get; set; }

    /// <summary>Those of the comparisons, in the order to be shown.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<ComparisonRow> Rows { get; set; }

    protected override void OnParametersSet()
    {
        _metric = MetricInfo.Of(Comparisons.Results.Metric);
        _scale = IntervalScale.Of(Comparisons.Rows.Select(row => row.Comparison.Difference).OfType<MeanInterval>(), also: 0);
    }

    private string Mean(ComparedCell cell) => cell.Mean is { } mean ? _metric.Show(mean.Mean) : None;

    /// <summary>"+1.20 % (-0.30 % to 2.70 %)".</summary>
    private string Difference(MeanInterval? difference) => difference switch
    {
        null => None,
        { Low: { } low, High: { } high } => $"{_metric.ShowDifference(difference.Mean, signed: true)} ({_metric.ShowDifference(low)} to {_metric.ShowDifference(high)})",
        _ => _metric.ShowDifference(difference.Mean, signed: true),
    };

    private static string P(double? p) => p is { } value ? Format.PValue(value) : None;

    private static string Color(Finding finding) => finding switch
    {
        Finding.Better => ChartColors.Category(2),
        Finding.Worse => ChartColors.Category(1),
        Finding.Higher or Finding.Lower => ChartColors.Category(0),
        _ => "var(--muted)",
    };
}
