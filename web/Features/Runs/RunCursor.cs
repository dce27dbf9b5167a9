using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MaeLab.Web.Features.Runs;

/// <summary>The last row of a page: its sort key and id, and the order they belong to. Rows that come and go meanwhile shift nothing.</summary>
/// <param name="Order">Word of the order.</param>
/// <param name="Number">Null, with <paramref name="Text"/>, where the row had nothing to sort by.</param>
public sealed record RunCursor(string Order, double? Number, string? Text, Guid Id)
{
    /// <summary>No order and no text of a recipe is nearly as long.</summary>
    private const int MaxLength = 4000;

    [JsonIgnore]
    public bool HasKey => Number is not null || Text is not null;

    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this));

    public static bool TryParse(string? text, [NotNullWhen(true)] out RunCursor? cursor)
    {
        cursor = null;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || !Base64Url.IsValid(text))
        {
            return false;
        }

        try
        {
            cursor = JsonSerializer.Deserialize<RunCursor>(Base64Url.DecodeFromChars(text));
        }
        catch (JsonException)
        {
            return false;
        }

        return cursor is { Order: not null } && cursor.Text?.Contains('\0') != true;
    }
}
