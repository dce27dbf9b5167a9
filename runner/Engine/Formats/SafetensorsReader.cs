using System.Buffers.Binary;

namespace MaeLab.Engine.Formats;

/// <summary>
/// Reads a safetensors file front to back from any stream, without seeking and without holding more than one tensor. What a header
/// claims is believed as far as bytes are there: a damaged one costs no memory that the file does not fill.
/// </summary>
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

        Header = SafetensorsHeader.Parse(ReadGrowing((long)length, "the header"));
        if (Left is { } left && left != Header.ContentBytes)
        {
            throw Header.Entries.FirstOrDefault(entry => entry.End > left) is { } cut
                ? EndsWithin($"tensor '{cut.Name}'", cut.Bytes, Math.Max(0, left - cut.Begin))
                : BytesFollow();
        }
    }

    public SafetensorsHeader Header { get; }

    /// <summary>Moves to the next tensor and reads its bytes; null after the last, once nothing follows it.</summary>
    /// <param name="destination">Gives the memory for a tensor, of exactly its size.</param>
    /// <exception cref="InvalidDataException">The stream ends early or goes on after the last tensor.</exception>
    public SafetensorsEntry? Next(SpanOf destination)
    {
        if (_next == Header.Entries.Count)
        {
            return _stream.ReadByte() < 0 ? null : throw BytesFollow();
        }

        var entry = Header.Entries[_next++];
        Fill(destination(entry), $"tensor '{entry.Name}'");
        return entry;
    }

    /// <summary>Reads all tensors into memory; for small files.</summary>
    public Dictionary<string, (SafetensorsEntry Entry, byte[] Bytes)> ReadAll()
    {
        var all = new Dictionary<string, (SafetensorsEntry, byte[])>();
        foreach (var entry in Header.Entries)
        {
            _next++;
            all[entry.Name] = (entry, ReadGrowing(entry.Bytes, $"tensor '{entry.Name}'"));
        }

        // Nothing may follow.
        Next(_ => throw new InvalidOperationException("All tensors have been read."));
        return all;
    }

    /// <summary>Bytes up to the stream's end; null where it does not know.</summary>
    private long? Left => _stream.CanSeek ? _stream.Length - _stream.Position : null;

    private byte[] ReadGrowing(long length, string what)
    {
        if (Left < length)
        {
            throw EndsWithin(what, length, Left.Value);
        }

        if (length > Array.MaxLength)
        {
            throw new InvalidDataException($"The {length} bytes of {what} are more than one array holds.");
        }

        var bytes = new byte[Math.Min(length, Left is null ? Piece : length)];
        Fill(bytes, what);
        while (bytes.Length < length)
        {
            var read = bytes.Length;
            Array.Resize(ref bytes, (int)Math.Min(length, 2L * read));
            Fill(bytes.AsSpan(read), what);
        }

        return bytes;
    }

    private void Fill(Span<byte> bytes, string what)
    {
        var read = _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
        {
            throw EndsWithin(what, bytes.Length, read);
        }
    }

    private static InvalidDataException EndsWithin(string what, long expected, long found) =>
        new($"The safetensors file ends within {what}: {expected} bytes expected, {found} found.");

    private static InvalidDataException BytesFollow() => new("Bytes follow the last tensor.");

    public delegate Span<byte> SpanOf(SafetensorsEntry entry);
}
