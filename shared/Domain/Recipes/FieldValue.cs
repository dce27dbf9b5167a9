using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MaeLab.Domain.Recipes;

/// <summary>Values of recipe fields from and to JSON: long, double, string, bool, and null where the field is optional.</summary>
internal static class FieldValue
{
    /// <returns>The value, or a sentence saying what is wrong with it.</returns>
    public static (object? Value, string? Error) Parse(RecipeField field, JsonNode? node)
    {
        // A number made in code may be one that JSON cannot write, and 1e999 is read as infinity.
        if (node is JsonValue number && number.TryGetValue(out double real) && !double.IsFinite(real))
        {
            return (null, $"{field.Label} must be a finite number.");
        }

        return ParseElement(field, node is null ? default : JsonSerializer.SerializeToElement(node));
    }

    private static (object? Value, string? Error) ParseElement(RecipeField field, JsonElement json)
    {
        switch (field.Kind, json.ValueKind)
        {
            case (_, JsonValueKind.Null or JsonValueKind.Undefined):
                return field.Optional ? (null, null) : (null, $"{field.Label} must not be null.");
            case (FieldKind.Flag, JsonValueKind.True or JsonValueKind.False):
                return (json.GetBoolean(), null);
            case (FieldKind.Text, JsonValueKind.String):
                return (json.GetString(), null);
            case (FieldKind.Choice, JsonValueKind.String) when field.Choices.Contains(json.GetString()):
                return (json.GetString(), null);
            case (FieldKind.Number, JsonValueKind.Number):
                // Adding 0 makes minus zero a plain zero, so that they are one level.
                return (json.GetDouble() + 0.0, null);
            case (FieldKind.Integer, JsonValueKind.Number):
                return ParseInteger(field, json);
            default:
                return (null, $"{field.Label} must be {Expected(field)}, not {Shorten(json.GetRawText())}.");
        }
    }

    /// <summary>Also takes 4.0 and 4e2, as some languages write their integers.</summary>
    private static (object? Value, string? Error) ParseInteger(RecipeField field, JsonElement json)
    {
        var number = json.GetDouble();
        if (Math.Floor(number) != number)
        {
            return (null, $"{field.Label} must be {Expected(field)}, not {Shorten(json.GetRawText())}.");
        }

        // What lies far outside the bounds does not fit the field's type either.
        var fits = number >= int.MinValue && number <= Math.Max(int.MaxValue, field.Bounds!.Max);
        return fits ? ((long)number, null) : (null, $"{field.Label} must be {field.Bounds}, not {Shorten(json.GetRawText())}.");
    }

    public static string Literal(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => JsonSerializer.Serialize(text),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"No recipe field holds a {value.GetType()}.", nameof(value)),
    };

    private static string Expected(RecipeField field) => field.Kind switch
    {
        FieldKind.Integer => "a whole number",
        FieldKind.Number => "a number",
        FieldKind.Choice => $"one of {string.Join(", ", field.Choices)}",
        FieldKind.Flag => "true or false",
        FieldKind.Text => "a text",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Kind, "Unknown kind of field."),
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
