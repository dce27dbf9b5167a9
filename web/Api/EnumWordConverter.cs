using System.Text.Json;
using System.Text.Json.Serialization;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Api;

/// <summary>One word of an enumeration. (The framework's own converter takes lists too: "viewer, admin" would be an admin.)</summary>
internal sealed class EnumWordConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && EnumWord.Find<T>(reader.GetString()!) is { } value ? value : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(EnumWord.Of(value));
}
