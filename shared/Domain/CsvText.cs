using System.Globalization;

namespace MaeLab.Domain;

/// <summary>Lines of a table for spreadsheets and programs (RFC 4180).</summary>
public static class CsvText
{
    public static string Line(params IEnumerable<string> fields) => string.Join(',', fields.Select(Quote)) + "\r\n";

    /// <summary>Full precision; empty where there is no number.</summary>
    public static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    public static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
