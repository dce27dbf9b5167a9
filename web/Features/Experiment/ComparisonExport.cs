using System.Globalization;
using MaeLab.Domain;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The comparisons as a table for a spreadsheet or a paper.</summary>
public static class ComparisonExport
{
    /// <summary>One line a cell, the reference first, full precision.</summary>
    public static string ToCsv(ExperimentComparisons comparisons)
    {
        var fields = comparisons.Reference.Levels.Select(level => level.Field);
        var header = CsvText.Line(
            [
                "cell", .. fields, "metric", "value", "n", "mean", "pairs", "difference", "ci_low", "ci_high", "p_t", "p_t_holm", "p_permutation",
                "p_permutation_holm", "effect_dz", "finding", "seeds_needed", "run_ids",
            ]);
        return header + Line(comparisons, comparisons.Reference, null, "reference")
            + string.Concat(comparisons.Rows.Select(row => Line(comparisons, row.Cell, row.Comparison, Findings.Words(row.Finding))));
    }

    /// <summary>A booktabs table: the reference, then every cell with its difference, p-values, effect and what may be said.</summary>
    public static string ToLatex(ExperimentComparisons comparisons)
    {
        var (results, reference) = (comparisons.Results, comparisons.Reference);
        var metric = MetricInfo.Of(results.Metric);
        List<ComparedCell> cells = [reference, .. comparisons.Rows.Select(row => row.Cell)];
        return ExportText.LatexTable(
            $"{ExportText.LatexEscape(results.Experiment.Name)}: {ExportText.LatexMetric(metric, results.Values)}, compared with the {(reference.IsBaseline ? "baseline" : "cell chosen")}; differences with half their 95\\,\\% confidence interval (Student's $t$).",
            "lrrrrrrl",
            [
                "Cell & Mean & Pairs & Difference & $p_t$ & $p_\\mathrm{perm}$ & $d_z$ & Finding \\\\",
                "\\midrule",
                $"{Words(reference, 0)} & {Mean(reference, metric)} & & & & & & {(reference.IsBaseline ? "baseline" : "reference")} \\\\",
                .. comparisons.Rows.Select((row, i) => Row(row, metric, i + 1)),
            ],
            [
                .. ExportText.LatexWarning(results.Experiment.Axes.Select(axis => axis.Field), results.Metric),
                $"$p_\\mathrm{{perm}}$ decides: {MatrixExport.Method(comparisons.Rows.Select(row => row.Comparison))}; $p_t$: paired $t$-test, uncorrected; $d_z$: Cohen's, with Hedges' correction.",
                $"Runs of experiment \\texttt{{{results.Experiment.Id}}}, by their place in it: "
                    + string.Join("; ", cells.Select((cell, i) => $"$^\\mathrm{{{ExportText.Mark(i)}}}$ {ExportText.Places(cell.Runs)}")) + ".",
            ],
            cells.Select(cell => $"{cell.Words}: runs {ExportText.Ids(cell.Runs)}"));
    }

    private static string Line(ExperimentComparisons comparisons, ComparedCell cell, Comparison? comparison, string finding) => CsvText.Line(
        [
            Whole(cell.Index), .. cell.Levels.Select(level => Format.Literal(level.Level)), comparisons.Results.Metric, comparisons.Results.Values.Words,
            Whole(cell.Values.Count), CsvText.Number(cell.Mean?.Mean), Whole(comparison?.Pairs),
            CsvText.Number(comparison?.Difference?.Mean), CsvText.Number(comparison?.Difference?.Low), CsvText.Number(comparison?.Difference?.High),
            CsvText.Number(comparison?.StudentP), CsvText.Number(comparison?.StudentHolm),
            CsvText.Number(comparison?.PermutationP), CsvText.Number(comparison?.PermutationHolm),
            CsvText.Number(comparison?.Effect), finding, Whole(comparison?.SeedsNeeded), ExportText.Ids(cell.Runs),
        ]);

    private static string Row(ComparisonRow row, MetricInfo metric, int footnote)
    {
        var comparison = row.Comparison;
        var difference = comparison.Difference is { } value ? $"${(value.Mean > 0 ? "+" : "")}{ExportText.LatexMean(value, metric)}$" : "--";
        var finding = Findings.Words(row.Finding) + (comparison.SeedsNeeded is { } needed ? $" (needs {needed})" : "");
        return $"{Words(row.Cell, footnote)} & {Mean(row.Cell, metric)} & {comparison.Pairs} & {difference} & {P(comparison.StudentP)} & {P(comparison.PermutationHolm)} & {Effect(comparison.Effect)} & {finding}{(Findings.IsShown(row.Finding) ? "$^*$" : "")} \\\\";
    }

    private static string Words(ComparedCell cell, int footnote) => $"{ExportText.LatexEscape(cell.Words)}$^\\mathrm{{{ExportText.Mark(footnote)}}}$";

    private static string Mean(ComparedCell cell, MetricInfo metric) => cell.Mean is { } mean ? $"${ExportText.LatexMean(mean, metric)}$" : "--";

    private static string P(double? p) => p is { } value ? $"${Format.PValue(value)}$" : "--";

    private static string Effect(double? effect) => effect is { } value ? $"${value.ToString("F2", CultureInfo.InvariantCulture)}$" : "--";

    private static string Whole(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
