using System.Globalization;
using System.Text.Json.Nodes;
using MaeLab.Domain.Recipes;

namespace MaeLab.Web.Presentation;

/// <summary>Recipe fields and their levels in the words of the form.</summary>
public static class FieldText
{
    public static string Label(string path) => RecipeFields.Find(path)?.Label ?? path;

    /// <summary>For a choice among fields.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Options(IEnumerable<string> paths) =>
        paths.Select(path => KeyValuePair.Create(path, Label(path)));

    /// <summary>
    /// What was typed as the JSON that the field asks for. What is no number stays text, so that validation can say so.
    /// </summary>
    public static JsonNode? ToJson(string path, string text)
    {
        var field = RecipeFields.Find(path);
        var trimmed = text.Trim();
        return field?.Kind switch
        {
            FieldKind.Integer or FieldKind.Number when trimmed.Length == 0 || trimmed == "none" => field.Optional ? null : JsonValue.Create(""),
            FieldKind.Integer or FieldKind.Number => Number(trimmed) ?? JsonValue.Create(trimmed),
            FieldKind.Flag => JsonValue.Create(trimmed == "true"),
            _ => JsonValue.Create(trimmed),
        };
    }

    /// <summary>The text that <see cref="ToJson"/> turns into this value.</summary>
    public static string FromJson(JsonNode? value) => value is null ? "" : Format.Literal(value.ToJsonString());

    private static JsonValue? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? JsonValue.Create(exact)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number)
        : null;

    /// <summary>"mask ratio 0.75", for a list of levels in a sentence.</summary>
    public static string Level(string path, string literal) => $"{Label(path).ToLowerInvariant()} {Format.Literal(literal)}";
}
