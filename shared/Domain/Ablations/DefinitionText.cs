using System.Text;
using System.Text.Json;

namespace MaeLab.Domain.Ablations;

/// <summary>JSON may escape what is no text anywhere else: half of a surrogate pair, which .NET refuses to read, and NUL, which a database refuses to store.</summary>
internal static class DefinitionText
{
    /// <param name="json">Valid JSON.</param>
    /// <returns>An error for every member of the outermost object that holds such text.</returns>
    public static IReadOnlyList<FieldError> Check(string json)
    {
        var errors = new List<FieldError>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        var member = "";
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
            {
                continue;
            }

            var (text, fault) = Read(ref reader);
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
            {
                member = text ?? "";
            }

            if (fault is not null && errors.All(error => error.Field != member))
            {
                errors.Add(new(member, fault));
            }
        }

        return errors;
    }

    private static (string? Text, string? Fault) Read(ref Utf8JsonReader reader)
    {
        try
        {
            var text = reader.GetString()!;
            return (text, text.Contains('\0') ? "It holds the character NUL (\\u0000), which cannot be stored." : null);
        }
        catch (InvalidOperationException)
        {
            return (null, "It holds half of a surrogate pair, which is no text.");
        }
    }
}
