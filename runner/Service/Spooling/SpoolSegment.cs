using System.Buffers.Binary;
using MaeLab.Domain;
using Microsoft.Win32.SafeHandles;

namespace MaeLab.Runner.Spooling;

/// <summary>
/// One file of a spool, only ever appended to. A record is its length (4 bytes, little-endian), the CRC-32C over these four
/// and the content (4), and the content. Not thread-safe.
/// </summary>
internal sealed class SpoolSegment : IDisposable
{
    /// <summary>Bytes of a record before its content, which the writer leaves free.</summary>
    public const int HeaderSize = 8;

    private readonly SafeFileHandle _file;

    private SpoolSegment(string path, FileMode mode, FileAccess access)
    {
        Path = path;
        _file = File.OpenHandle(path, mode, access, FileShare.Read | FileShare.Delete);
        Length = RandomAccess.GetLength(_file);
    }

    public string Path { get; }

    /// <summary>Up to the end of the last whole record written here; of a file found, all of it.</summary>
    public long Length { get; private set; }

    public static SpoolSegment Create(string path) => new(path, FileMode.CreateNew, FileAccess.ReadWrite);

    public static SpoolSegment Open(string path) => new(path, FileMode.Open, FileAccess.Read);

    /// <param name="record">The content with <see cref="HeaderSize"/> bytes before it, which are filled in here.</param>
    /// <exception cref="IOException">The disk is full, say; the file is as it was.</exception>
    public void Append(Span<byte> record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Sum(record[..4], record[HeaderSize..]));
        try
        {
            RandomAccess.Write(_file, record, Length);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(_file, Length);
            throw;
        }

        Length += record.Length;
    }

    /// <param name="offset">Where the record begins; afterwards, where the next one does.</param>
    /// <returns>The content; null at the end.</returns>
    /// <exception cref="SpoolDamagedException">What is there is no whole record.</exception>
    public byte[]? Read(ref long offset)
    {
        if (offset == Length)
        {
            return null;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        if (Length - offset < HeaderSize)
        {
            throw new SpoolDamagedException(Path, offset, isTorn: true);
        }

        ReadWhole(header, offset);
        var size = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (size <= 0)
        {
            throw new SpoolDamagedException(Path, offset, isTorn: false);
        }

        if (size > Length - offset - HeaderSize)
        {
            throw new SpoolDamagedException(Path, offset, isTorn: true);
        }

        var content = new byte[size];
        ReadWhole(content, offset + HeaderSize);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != Sum(header[..4], content))
        {
            throw new SpoolDamagedException(Path, offset, isTorn: false);
        }

        offset += HeaderSize + size;
        return content;
    }

    public void Delete()
    {
        Dispose();
        File.Delete(Path);
    }

    public void Dispose() => _file.Dispose();

    private static uint Sum(ReadOnlySpan<byte> length, ReadOnlySpan<byte> content) => Crc32C.Of(content, Crc32C.Of(length));

    private void ReadWhole(Span<byte> target, long offset)
    {
        for (var read = 0; read < target.Length;)
        {
            var more = RandomAccess.Read(_file, target[read..], offset + read);
            read += more > 0 ? more : throw new SpoolDamagedException(Path, offset, isTorn: true);
        }
    }
}
