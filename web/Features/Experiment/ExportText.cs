using System.Globalization;
using System.Text;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>What tables for spreadsheets and papers have in common.</summary>
internal static class ExportText
{
    /// <summary>Latin letters with their accents; of others pdflatex makes an error.</summary>
    private const char LastSettable = '\u017F';

    public static string Literal(string? literal) => literal is null ? "" : Format.Literal(literal);

    public static string Ids(IEnumerable<RunSummary> runs) => string.Join(' ', runs.Select(run => run.Id));

    /// <summary>a, b, ... z, aa, ab: marks of the footnotes of a table.</summary>
    public static string Mark(int index) => (index < 26 ? "" : Mark((index / 26) - 1)) + (char)('a' + (index % 26));

    /// <summary>Places of runs in their experiment, "0-2, 5"; with its id they say which runs they are.</summary>
    public static string Places(IEnumerable<RunSummary> runs)
    {
        var stretches = new List<(int First, int Last)>();
        foreach (var index in runs.Select(run => run.Index).Order())
        {
            if (stretches.Count > 0 && stretches[^1].Last == index - 1)
            {
                stretches[^1] = (stretches[^1].First, index);
            }
            else
            {
                stretches.Add((index, index));
            }
        }

        return string.Join(", ", stretches.Select(stretch => stretch.First == stretch.Last
            ? stretch.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{stretch.First}--{stretch.Last}")));
    }

    /// <summary>A mean with half the width of its interval, in the middle of a formula; shares in percent.</summary>
    public static string LatexMean(MeanInterval value, MetricInfo metric, bool bold = false)
    {
        var mean = LatexNumber(value.Mean, metric);
        return (bold ? $"\\mathbf{{{mean}}}" : mean) + (value.High is { } high ? $" \\pm {LatexNumber(high - value.Mean, metric)}" : "");
    }

    public static string LatexNumber(double value, MetricInfo metric) =>
        (value * (metric.IsShare ? 100 : 1)).ToString(metric.IsShare ? "F1" : "F4", CultureInfo.InvariantCulture);

    /// <summary>"linear probe accuracy (\%), best value".</summary>
    public static string LatexMetric(MetricInfo metric, RunValues values) =>
        $"{LatexEscape(metric.Label.ToLowerInvariant())}{(metric.IsShare ? " (\\%)" : "")}, {LatexEscape(values.Words)}";

    /// <summary>The table and what is said around it; the rows between \toprule and \bottomrule come from the caller.</summary>
    public static string LatexTable(string caption, string columns, IEnumerable<string> rows, IEnumerable<string> notes, IEnumerable<string> comments)
    {
        var latex = new StringBuilder();
        latex.AppendLine("% Needs \\usepackage{booktabs}")
            .AppendLine("\\begin{table}")
            .AppendLine("  \\centering")
            .AppendLine(CultureInfo.InvariantCulture, $"  \\caption{{{caption}}}")
            .AppendLine(CultureInfo.InvariantCulture, $"  \\begin{{tabular}}{{{columns}}}")
            .AppendLine("    \\toprule");
        foreach (var row in rows)
        {
            latex.AppendLine(CultureInfo.InvariantCulture, $"    {row}");
        }

        latex.AppendLine("    \\bottomrule").AppendLine("  \\end{tabular}").AppendLine("  \\par\\smallskip\\footnotesize");
        foreach (var note in notes)
        {
            latex.AppendLine(CultureInfo.InvariantCulture, $"  {note}");
        }

        latex.AppendLine("\\end{table}");
        foreach (var comment in comments)
        {
            latex.AppendLine(CultureInfo.InvariantCulture, $"% {comment}");
        }

        return latex.ToString();
    }

    /// <summary>A note where the numbers of a table must not be compared across these factors; none where they may.</summary>
    public static IEnumerable<string> LatexWarning(IEnumerable<string> fields, string metric) =>
        Comparability.Warning(fields, metric) is { } warning ? [LatexEscape(warning)] : [];

    /// <summary>As text that pdflatex sets as it comes: what it has no letter for becomes a question mark.</summary>
    public static string LatexEscape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            escaped.Append(c switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '<' => "\\textless{}",
                '>' => "\\textgreater{}",
                '|' => "\\textbar{}",
                '"' => "''",
                '×' => "$\\times$",
                '·' => "$\\cdot$",
                '±' => "$\\pm$",
                '–' => "--",
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => "\\" + c,
                _ when char.IsControl(c) => " ",
                _ when c > LastSettable => "?",
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }
}
