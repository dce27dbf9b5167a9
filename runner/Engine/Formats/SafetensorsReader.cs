using System.Buffers.Binary;

namespace MaeLab.Engine.Formats;

/// <summary>Reads a safetensors file front to back from any stream, without seeking and without holding more than one piece.</summary>
public sealed class SafetensorsReader
{
    private const int Piece = 1 << 20;
    private readonly Stream _stream;
    private int _next;

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidDataException">The stream is no safetensors file.</exception>
    public SafetensorsReader(Stream stream)
    {
        _stream = stream;
        Span<byte> prefix = stackalloc byte[8];
        Fill(prefix, "the length of the header");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaxBytes)
        {
            throw new InvalidDataException($"The safetensors header claims {length} bytes; at most {SafetensorsHeader.MaxBytes} are allowed.");
        }

        // Grown as the bytes arrive: a damaged length must not cost 100 MB.
        var json = new byte[Math.Min((int)length, Piece)];
        Fill(json, "the header");
        while (json.Length < (int)length)
        {
            var read = json.Length;
            Array.Resize(ref json, (int)Math.Min((long)length, 2L * read));
            Fill(json.AsSpan(read), "the header");
        }

        Header = SafetensorsHeader.Parse(json);
    }

    public SafetensorsHeader Header { get; }

    /// <summary>Moves to the next tensor and reads its bytes; null after the last, once nothing follows it.</summary>
    /// <param name="destination">Gives the memory for a tensor, of exactly its size.</param>
    /// <exception cref="InvalidDataException">The stream ends early or goes on after the last tensor.</exception>
    public SafetensorsEntry? Next(SpanOf destination)
    {
        if (_next == Header.Entries.Count)
        {
            return _stream.ReadByte() < 0 ? null : throw new InvalidDataException("Bytes follow the last tensor.");
        }

        var entry = Header.Entries[_next++];
        Fill(destination(entry), $"tensor '{entry.Name}'");
        return entry;
    }

    /// <summary>Reads all tensors into memory; for small files.</summary>
    public Dictionary<string, (SafetensorsEntry Entry, byte[] Bytes)> ReadAll()
    {
        var all = new Dictionary<string, (SafetensorsEntry, byte[])>();
        byte[] bytes = [];
        while (Next(entry => bytes = new byte[entry.Bytes]) is { } entry)
        {
            all[entry.Name] = (entry, bytes);
        }

        return all;
    }

    private void Fill(Span<byte> bytes, string what)
    {
        var read = _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
        {
            throw new InvalidDataException($"The safetensors file ends within {what}: {bytes.Length} bytes expected, {read} found.");
        }
    }

    public delegate Span<byte> SpanOf(SafetensorsEntry entry);
}
