using System.Globalization;
using System.Text;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The matrix as a table for a spreadsheet or a paper.</summary>
public static class MatrixExport
{
    /// <summary>One line a cell (RFC 4180), full precision.</summary>
    public static string ToCsv(Matrix matrix)
    {
        var csv = new StringBuilder();
        csv.Append(CultureInfo.InvariantCulture, $"{Quote(matrix.Rows.Field ?? "row")},{Quote(matrix.Columns.Field ?? "column")},metric,n,mean,std,ci_low,ci_high,state,run_ids\r\n");
        foreach (var cell in matrix.Cells)
        {
            var value = cell.Value;
            csv.Append(CultureInfo.InvariantCulture, $"{Level(cell.Row)},{Level(cell.Column)},{Quote(matrix.Metric)},{value?.Count ?? 0},{Number(value?.Mean)},{Number(value?.StandardDeviation)},{Number(value?.Low)},{Number(value?.High)},{State(cell)},{string.Join(' ', cell.RunIds)}\r\n");
        }

        return csv.ToString();

        static string Level(string? literal) => Quote(literal is null ? "" : Format.Literal(literal));
        static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
        static string State(MatrixCell cell) => cell.State is { } state ? StateText.Word(state).ToLowerInvariant() : "";
    }

    /// <summary>
    /// A booktabs table: mean with half the width of its 95 % interval, best cell in bold. Comments say of each cell how
    /// many runs that is over, and which.
    /// </summary>
    public static string ToLatex(Matrix matrix, string name)
    {
        var metric = MetricInfo.Of(matrix.Metric);
        var best = matrix.BestCell();
        var columns = matrix.Columns.Levels;
        var latex = new StringBuilder();
        latex.AppendLine("% Needs \\usepackage{booktabs}")
            .AppendLine("\\begin{table}")
            .AppendLine("  \\centering")
            .AppendLine(CultureInfo.InvariantCulture, $"  \\caption{{{Escape(name)}: {Escape(metric.Label.ToLowerInvariant())}{(metric.IsShare ? " (\\%)" : "")}, mean $\\pm$ half the 95\\,\\% confidence interval (Student's $t$) over {Seeds(matrix)}.}}")
            .AppendLine(CultureInfo.InvariantCulture, $"  \\begin{{tabular}}{{l{new string('r', columns.Count)}}}")
            .AppendLine("    \\toprule");
        if (matrix.Columns.Field is { } field)
        {
            latex.AppendLine(CultureInfo.InvariantCulture, $"     & \\multicolumn{{{columns.Count}}}{{c}}{{{Escape(FieldText.Label(field))}}} \\\\")
                .AppendLine(CultureInfo.InvariantCulture, $"    \\cmidrule(l){{2-{columns.Count + 1}}}");
        }

        latex.AppendLine(CultureInfo.InvariantCulture, $"    {Escape(matrix.Rows.Field is { } rows ? FieldText.Label(rows) : "")}{string.Concat(columns.Select(level => $" & {Label(level)}"))} \\\\")
            .AppendLine("    \\midrule");
        for (var row = 0; row < matrix.Rows.Levels.Count; row++)
        {
            var cells = Enumerable.Range(0, columns.Count).Select(column => " & " + Cell(matrix[row, column], metric, matrix[row, column] == best));
            latex.AppendLine(CultureInfo.InvariantCulture, $"    {Label(matrix.Rows.Levels[row])}{string.Concat(cells)} \\\\");
        }

        latex.AppendLine("    \\bottomrule").AppendLine("  \\end{tabular}").AppendLine("\\end{table}");
        foreach (var cell in matrix.Cells)
        {
            latex.AppendLine(CultureInfo.InvariantCulture, $"% {Where(matrix, cell)}: n = {cell.Value?.Count ?? 0}, {State(cell)}; runs {string.Join(' ', cell.RunIds)}");
        }

        return latex.ToString();
    }

    private static string Cell(MatrixCell cell, MetricInfo metric, bool best)
    {
        if (cell.Value is not { } value)
        {
            return "--";
        }

        var scale = metric.IsShare ? 100 : 1;
        string Digits(double number) => (number * scale).ToString(metric.IsShare ? "F1" : "F4", CultureInfo.InvariantCulture);
        var mean = best ? $"\\mathbf{{{Digits(value.Mean)}}}" : Digits(value.Mean);
        var half = value.High is { } high ? $" \\pm {Digits(high - value.Mean)}" : "";
        return $"${mean}{half}$";
    }

    private static string State(MatrixCell cell) =>
        (cell.State is { } state ? StateText.Word(state).ToLowerInvariant() : "no runs") + (cell.Provisional ? " (provisional)" : "");

    /// <summary>"$n = 3$ seeds", or from the fewest to the most where the cells differ.</summary>
    private static string Seeds(Matrix matrix)
    {
        var counts = matrix.Cells.Where(cell => cell.Value is not null).Select(cell => cell.Value!.Count).DefaultIfEmpty().ToList();
        var (least, most) = (counts.Min(), counts.Max());
        return least == most ? $"$n = {most}$ {(most == 1 ? "seed" : "seeds")}" : $"$n = {least}$ to ${most}$ seeds";
    }

    /// <summary>"Patch size 4, Mask ratio 0.75", for a comment: a level may hold no line break, being a JSON literal.</summary>
    private static string Where(Matrix matrix, MatrixCell cell)
    {
        var named = matrix.LevelsOf(cell).Select(side => $"{FieldText.Label(side.Field)} {Format.Literal(side.Level)}").ToList();
        return named.Count > 0 ? string.Join(", ", named) : "All runs";
    }

    private static string Label(string? literal) => literal is null ? "" : Escape(Format.Literal(literal));

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            escaped.Append(c switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => "\\" + c,
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }
}
