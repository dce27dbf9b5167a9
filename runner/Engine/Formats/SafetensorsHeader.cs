using System.Buffers;
using System.Text.Json;

namespace MaeLab.Engine.Formats;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Type">The format's name of the element type, for example <c>F32</c>.</param>
/// <param name="Begin">First byte, relative to the end of the header.</param>
public sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Begin, long End)
{
    public long Bytes => End - Begin;
}

/// <summary>
/// The header of a safetensors file (https://huggingface.co/docs/safetensors): after its length (u64, little-endian) a JSON
/// object of tensors and, under <c>__metadata__</c>, of strings; then the tensors' bytes without a gap, row-major, little-endian.
/// </summary>
public sealed class SafetensorsHeader
{
    public const int MaxBytes = 100_000_000;
    public const string MetadataKey = "__metadata__";

    /// <summary>Element types and their bits, in the order in which the format's own writer sorts them (widest first when written).</summary>
    private static readonly (string Name, int Bits)[] s_types =
    [
        ("BOOL", 8), ("F4", 4), ("F6_E2M3", 6), ("F6_E3M2", 6), ("U8", 8), ("I8", 8), ("F8_E5M2", 8), ("F8_E4M3", 8), ("F8_E8M0", 8),
        ("I16", 16), ("U16", 16), ("F16", 16), ("BF16", 16), ("I32", 32), ("U32", 32), ("F32", 32), ("C64", 64), ("F64", 64),
        ("I64", 64), ("U64", 64),
    ];

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    private SafetensorsHeader(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata) =>
        (Entries, Metadata) = (entries, metadata);

    /// <summary>In the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Bytes of all tensors together, which is what must follow the header.</summary>
    public long ContentBytes => Entries.Count > 0 ? Entries[^1].End : 0;

    /// <summary>Lays tensors out as the format's own writer does: by element type, widest first, then by name.</summary>
    public static SafetensorsHeader Layout(
        IEnumerable<(string Name, string Type, long[] Shape)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var entries = new List<SafetensorsEntry>();
        long end = 0;
        foreach (var (name, type, shape) in tensors.OrderByDescending(tensor => Rank(tensor.Name, tensor.Type)).ThenBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            var begin = end;
            end += ByteSize(name, type, shape);
            entries.Add(new(name, type, shape, begin, end));
        }

        return new(entries, metadata);
    }

    /// <exception cref="InvalidDataException">Anything that the format does not allow; the message names the tensor.</exception>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty || json.Span[0] != (byte)'{')
        {
            throw new InvalidDataException("The safetensors header does not begin with '{'.");
        }

        var entries = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>();
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Name == MetadataKey)
                {
                    metadata = member.Value.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()
                        ?? throw new InvalidDataException($"Metadata '{pair.Name}' is not a string."));
                }
                else
                {
                    entries.Add(Entry(member));
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"The safetensors header is not what the format asks for: {exception.Message}", exception);
        }

        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        long end = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
            {
                throw new InvalidDataException(
                    $"Tensor '{entry.Name}' begins at byte {entry.Begin} where the one before ends at {end}: {(entry.Begin > end ? "a hole" : "an overlap")}.");
            }

            end = entry.End;
        }

        return new(entries, metadata);
    }

    /// <returns>The JSON, padded with spaces so that the tensors begin at a multiple of 8.</returns>
    public ReadOnlyMemory<byte> Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            foreach (var entry in Entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type);
                WriteNumbers(json, "shape", entry.Shape);
                WriteNumbers(json, "data_offsets", [entry.Begin, entry.End]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var padding = (8 - (buffer.WrittenCount % 8)) % 8;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenMemory;
    }

    private static SafetensorsEntry Entry(JsonProperty member)
    {
        string? type = null;
        long[]? shape = null, offsets = null;
        foreach (var field in member.Value.EnumerateObject())
        {
            switch (field.Name)
            {
                case "dtype":
                    type = field.Value.GetString();
                    break;
                case "shape":
                    shape = [.. field.Value.EnumerateArray().Select(size => size.GetInt64())];
                    break;
                case "data_offsets":
                    offsets = [.. field.Value.EnumerateArray().Select(offset => offset.GetInt64())];
                    break;
                default:
                    throw new InvalidDataException($"Tensor '{member.Name}' has an unknown field '{field.Name}'.");
            }
        }

        if (type is null || shape is null || offsets is not [var begin, var end])
        {
            throw new InvalidDataException($"Tensor '{member.Name}' needs dtype, shape and two data_offsets.");
        }

        var expected = ByteSize(member.Name, type, shape);
        return begin >= 0 && end >= begin && end - begin == expected
            ? new(member.Name, type, shape, begin, end)
            : throw new InvalidDataException(
                $"Tensor '{member.Name}' ({type} [{string.Join(", ", shape)}]) takes {expected} bytes, its offsets are {begin} to {end}.");
    }

    private static int Rank(string name, string type) => Array.FindIndex(s_types, known => known.Name == type) is >= 0 and var rank
        ? rank
        : throw new InvalidDataException($"Tensor '{name}' has the unknown element type '{type}'.");

    private static long ByteSize(string name, string type, long[] shape)
    {
        try
        {
            var elements = 1L;
            foreach (var size in shape)
            {
                elements = size >= 0 ? checked(elements * size) : throw new InvalidDataException($"Tensor '{name}' has the negative size {size}.");
            }

            var bits = checked(elements * s_types[Rank(name, type)].Bits);
            return bits % 8 == 0 ? bits / 8 : throw new InvalidDataException($"Tensor '{name}' does not fill whole bytes.");
        }
        catch (OverflowException exception)
        {
            throw new InvalidDataException($"The size of tensor '{name}' ([{string.Join(", ", shape)}]) overflows.", exception);
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
