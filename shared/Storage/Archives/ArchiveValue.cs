using System.Globalization;
using System.Text.Json;

namespace MaeLab.Storage.Archives;

/// <summary>Values of columns as JSON, so that each comes back as it was: numbers shortest form, NaN and infinities as words, moments to the microsecond.</summary>
internal static class ArchiveValue
{
    private const string Moment = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case Guid id:
                json.WriteStringValue(id);
                break;
            case DateTimeOffset moment:
                json.WriteStringValue(moment.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture));
                break;
            case Enum word:
                json.WriteStringValue(word.ToString());
                break;
            case string[] words:
                json.WriteStartArray();
                foreach (var word in words)
                {
                    json.WriteStringValue(word);
                }

                json.WriteEndArray();
                break;
            default:
                throw new NotSupportedException($"Archives have no form for values of {value.GetType().Name} yet: give it one in {nameof(ArchiveValue)}.");
        }
    }

    /// <exception cref="FormatException">It is no value of that type.</exception>
    public static object? Read(JsonElement json, Type type, bool nullable)
    {
        try
        {
            return ReadWhole(json, type, nullable);
        }
        catch (InvalidOperationException wrong)
        {
            throw new FormatException("half a character where there must be text", wrong);
        }
    }

    private static object? ReadWhole(JsonElement json, Type type, bool nullable)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return nullable ? null : throw new FormatException("null where there must be a value");
        }

        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return (plain, json.ValueKind) switch
        {
            (_, JsonValueKind.String) when plain == typeof(string) => json.GetString(),
            (_, JsonValueKind.True or JsonValueKind.False) when plain == typeof(bool) => json.GetBoolean(),
            (_, JsonValueKind.Number) when plain == typeof(int) && json.TryGetInt32(out var number) => number,
            (_, JsonValueKind.Number) when plain == typeof(long) && json.TryGetInt64(out var number) => number,
            (_, JsonValueKind.Number) when plain == typeof(double) && json.TryGetDouble(out var number) && double.IsFinite(number) => number,
            (_, JsonValueKind.String) when plain == typeof(double) && NotFinite(json.GetString()!) is { } number => number,
            (_, JsonValueKind.String) when plain == typeof(Guid) && json.TryGetGuid(out var id) => id,
            (_, JsonValueKind.String) when plain == typeof(DateTimeOffset) && ReadMoment(json.GetString()!) is { } moment => moment,
            (_, JsonValueKind.String) when plain.IsEnum && Array.IndexOf(Enum.GetNames(plain), json.GetString()) >= 0 => Enum.Parse(plain, json.GetString()!),
            (_, JsonValueKind.Array) when plain == typeof(string[]) && json.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String) =>
                json.EnumerateArray().Select(word => word.GetString()!).ToArray(),
            _ => throw new FormatException($"{Shorten(json.GetRawText())} is no {plain.Name}"),
        };
    }

    /// <summary>
    /// The same text for the same JSON value, whichever database it comes from: PostgreSQL's jsonb has an order of members and a
    /// form of numbers of its own.
    /// </summary>
    public static void WriteCanonical(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(member.Name);
                    WriteCanonical(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    WriteCanonical(json, item);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var whole):
                json.WriteNumberValue(whole);
                break;
            case JsonValueKind.Number:
                json.WriteNumberValue(value.GetDouble());
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static double? NotFinite(string word) =>
        Array.Find([double.NaN, double.PositiveInfinity, double.NegativeInfinity], number => number.ToString(CultureInfo.InvariantCulture) == word) is var found
            && (double.IsNaN(found) || double.IsInfinity(found)) ? found : null;

    private static DateTimeOffset? ReadMoment(string text) =>
        DateTimeOffset.TryParseExact(text, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + " …";
}
