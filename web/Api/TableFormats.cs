using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>Files that a table can be had as.</summary>
internal enum TableFormat
{
    Csv,
    Latex,
}

internal static class TableFormats
{
    private const string Csv = "text/csv";
    private const string Latex = "application/x-tex";

    public static string[] ContentTypes { get; } = [Csv, Latex];

    /// <summary>The format that a request asks for; it must name one.</summary>
    public static TableFormat? Table(this RequestErrors errors, string? format)
    {
        switch (format)
        {
            case "csv":
                return TableFormat.Csv;
            case "latex":
                return TableFormat.Latex;
            default:
                errors.Add("format", $"'{format}' is no format; use csv or latex.");
                return null;
        }
    }

    public static FileContentHttpResult File(this TableFormat format, string name, Func<string> csv, Func<string> latex) => format == TableFormat.Csv
        ? TypedResults.File(Encoding.UTF8.GetBytes(csv()), $"{Csv}; charset=utf-8", $"{name}.csv")
        : TypedResults.File(Encoding.UTF8.GetBytes(latex()), $"{Latex}; charset=utf-8", $"{name}.tex");
}
