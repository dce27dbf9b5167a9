using System.Globalization;
using MaeLab.Domain;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The matrix as a table for a spreadsheet or a paper.</summary>
public static class MatrixExport
{
    /// <summary>One line a cell, full precision.</summary>
    public static string ToCsv(ExperimentResults results, Matrix matrix)
    {
        var header = CsvText.Line(
            matrix.Rows.Field ?? "row", matrix.Columns.Field ?? "column", "metric", "value", "n", "mean", "std", "ci_low", "ci_high", "state", "baseline",
            "seconds", "visible_tokens", "run_ids");
        return header + string.Concat(matrix.Cells.Select(cell => CsvText.Line(
            ExportText.Literal(cell.Row), ExportText.Literal(cell.Column), matrix.Metric, results.Values.Words,
            (cell.Value?.Count ?? 0).ToString(CultureInfo.InvariantCulture),
            CsvText.Number(cell.Value?.Mean), CsvText.Number(cell.Value?.StandardDeviation), CsvText.Number(cell.Value?.Low), CsvText.Number(cell.Value?.High),
            cell.State is { } state ? EnumWord.Of(state) : "", cell.IsBaseline ? "yes" : "no",
            CsvText.Number(cell.Cost?.Time.TotalSeconds), CsvText.Number(cell.Cost?.VisibleTokens), ExportText.Ids(cell.Members))));
    }

    /// <summary>
    /// A booktabs table: mean with half the width of its 95 % interval, best cell in bold, the baseline and what differs from
    /// it marked; a footnote a cell says which runs it is over, comments give their ids.
    /// </summary>
    public static string ToLatex(ExperimentResults results, Matrix matrix)
    {
        var metric = MetricInfo.Of(matrix.Metric);
        var (best, against) = (matrix.BestCell(), matrix.AgainstBaseline());
        var cells = matrix.Cells.Where(cell => cell.Value is not null).ToList();
        return ExportText.LatexTable(
            $"{ExportText.LatexEscape(results.Experiment.Name)}: {ExportText.LatexMetric(metric, results.Values)}, mean $\\pm$ half the 95\\,\\% confidence interval (Student's $t$) over {Seeds(cells)}.",
            "l" + new string('r', matrix.Columns.Levels.Count),
            Rows(matrix, cell => Cell(cell, metric, cell == best, against.GetValueOrDefault(cell), cells.IndexOf(cell))),
            [.. ExportText.LatexWarning(matrix.Varied, matrix.Metric), .. Notes(results, cells, against)],
            matrix.Cells.Select(cell => $"{Where(matrix, cell)}: n = {cell.Value?.Count ?? 0}, {State(cell)}; runs {ExportText.Ids(cell.Members)}"));
    }

    private static IEnumerable<string> Rows(Matrix matrix, Func<MatrixCell, string> write)
    {
        var columns = matrix.Columns.Levels;
        if (matrix.Columns.Field is { } field)
        {
            yield return $" & \\multicolumn{{{columns.Count}}}{{c}}{{{ExportText.LatexEscape(FieldText.Label(field))}}} \\\\";
            yield return $"\\cmidrule(l){{2-{columns.Count + 1}}}";
        }

        yield return $"{ExportText.LatexEscape(matrix.Rows.Field is { } rows ? FieldText.Label(rows) : "")}{string.Concat(columns.Select(level => $" & {Label(level)}"))} \\\\";
        yield return "\\midrule";
        for (var row = 0; row < matrix.Rows.Levels.Count; row++)
        {
            yield return $"{Label(matrix.Rows.Levels[row])}{string.Concat(Enumerable.Range(0, columns.Count).Select(column => $" & {write(matrix[row, column])}"))} \\\\";
        }
    }

    private static string Cell(MatrixCell cell, MetricInfo metric, bool best, Comparison? comparison, int footnote)
    {
        if (cell.Value is not { } value)
        {
            return "--";
        }

        var marks = (cell.IsBaseline ? "\\dagger" : comparison?.Verdict is Verdict.Higher or Verdict.Lower ? "*" : "") + $"\\mathrm{{{ExportText.Mark(footnote)}}}";
        return $"${ExportText.LatexMean(value, metric, best)}^{{{marks}}}$";
    }

    private static IEnumerable<string> Notes(ExperimentResults results, List<MatrixCell> cells, IReadOnlyDictionary<MatrixCell, Comparison> against)
    {
        if (cells.Any(cell => cell.IsBaseline))
        {
            yield return "$^\\dagger$ Baseline. "
                + $"$^*$ Differs from it ({Method(against.Values)}).";
        }

        if (cells.Any(cell => cell.Provisional))
        {
            yield return "Cells without a complete run show runs under way; see the comments in the source.";
        }

        yield return $"Runs of experiment \\texttt{{{results.Experiment.Id}}}, by their place in it: "
            + string.Join("; ", cells.Select((cell, i) => $"$^\\mathrm{{{ExportText.Mark(i)}}}$ {ExportText.Places(cell.Members)}")) + ".";
    }

    /// <summary>How the verdicts came about; those with too few seeds to be tested are no part of the family.</summary>
    internal static string Method(IEnumerable<Comparison> comparisons)
    {
        var tested = comparisons.Count(comparison => comparison.PermutationHolm is not null);
        return $"paired by seed, sign-flip permutation test, Holm-corrected over {tested} {(tested == 1 ? "comparison" : "comparisons")}, $\\alpha = 0.05$";
    }

    private static string State(MatrixCell cell) =>
        (cell.State is { } state ? EnumWord.Of(state) : "no runs") + (cell.Provisional ? " (provisional)" : "");

    /// <summary>"$n = 3$ seeds", or from the fewest to the most where the cells differ.</summary>
    private static string Seeds(List<MatrixCell> cells)
    {
        var counts = cells.Select(cell => cell.Value!.Count).DefaultIfEmpty().ToList();
        var (least, most) = (counts.Min(), counts.Max());
        return least == most ? $"$n = {most}$ {(most == 1 ? "seed" : "seeds")}" : $"$n = {least}$ to ${most}$ seeds";
    }

    /// <summary>"Patch size 4, Mask ratio 0.75", for a comment: a level may hold no line break, being a JSON literal.</summary>
    private static string Where(Matrix matrix, MatrixCell cell)
    {
        var named = matrix.LevelsOf(cell).Select(side => $"{FieldText.Label(side.Field)} {Format.Literal(side.Level)}").ToList();
        return named.Count > 0 ? string.Join(", ", named) : "All runs";
    }

    private static string Label(string? literal) => ExportText.LatexEscape(ExportText.Literal(literal));
}
