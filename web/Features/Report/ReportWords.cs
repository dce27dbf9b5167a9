using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Report;

/// <summary>What was found, in sentences.</summary>
internal static class ReportWords
{
    /// <summary>Further ones are in the table.</summary>
    private const int MaxFindings = 5;

    public static IEnumerable<string> Findings(ExperimentReport report)
    {
        var (matrix, metric) = (report.View.Matrix, MetricInfo.Of(report.View.Query.Metric));
        if (matrix.BestCell() is { Value: { } value } best && matrix.Cells.Count > 1)
        {
            var onPar = matrix.OnParWith(best);
            yield return $"{metric.Label} is best, on average, at {matrix.WordsOf(best)}: {Mean(metric, value)}, n = {value.Count}. "
                + (onPar.Count == 0 ? "No other cell's interval overlaps that of this one."
                    : $"The intervals of {onPar.Count} other {(onPar.Count == 1 ? "cell overlaps" : "cells overlap")} that of this one ({string.Join("; ", onPar.Take(MaxFindings).Select(matrix.WordsOf))}).");
        }

        if (report.Comparisons is { Rows.Count: > 0 } comparisons)
        {
            yield return comparisons.Summary;
            foreach (var row in comparisons.Rows.Where(row => Experiment.Findings.IsShown(row.Finding))
                .OrderByDescending(row => Math.Abs(row.Comparison.Difference!.Mean)).Take(MaxFindings))
            {
                var difference = row.Comparison.Difference!;
                yield return $"{row.Cell.Words} is {Experiment.Findings.Words(row.Finding)} than {comparisons.Reference.Words.ToLowerInvariant()}: "
                    + $"{metric.ShowDifference(difference.Mean, signed: true)}{(difference is { Low: { } low, High: { } high } ? $" (95 % interval {metric.ShowDifference(low)} to {metric.ShowDifference(high)})" : "")}, "
                    + $"Holm's p {Format.PValue(row.Comparison.PermutationHolm!.Value)}, {row.Comparison.Pairs} seeds.";
            }
        }

        if (Interaction.WordsOf(matrix) is { } interaction)
        {
            yield return interaction;
        }

        if (!matrix.Cells.Any(cell => cell is { Value: not null, Provisional: false }))
        {
            yield return "No run is complete yet: nothing can be said.";
        }
    }

    /// <summary>"86.6 % ± 0.7 %".</summary>
    public static string Mean(MetricInfo metric, Domain.Statistics.MeanInterval value) =>
        metric.Show(value.Mean) + (value.High is { } high ? $" ± {metric.Show(high - value.Mean)}" : "");
}
