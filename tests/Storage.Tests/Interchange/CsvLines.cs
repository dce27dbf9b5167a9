using System.Text;

namespace MaeLab.Storage.Tests.Interchange;

/// <summary>Takes CSV apart again (RFC 4180).</summary>
internal static class CsvLines
{
    public static IReadOnlyList<string[]> Of(string text)
    {
        var (lines, fields, field, quoted) = (new List<string[]>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (quoted)
            {
                if (text[i] != '"')
                {
                    field.Append(text[i]);
                }
                else if (next == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (text[i] == '"')
            {
                quoted = true;
            }
            else if (text[i] == ',' || (text[i] == '\r' && next == '\n'))
            {
                fields.Add(field.ToString());
                field.Clear();
                if (text[i] == '\r')
                {
                    lines.Add([.. fields]);
                    fields.Clear();
                    i++;
                }
            }
            else
            {
                field.Append(text[i]);
            }
        }

        Assert.Empty(fields);
        return lines;
    }
}
