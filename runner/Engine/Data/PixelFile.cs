using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MaeLab.Engine.Data;

/// <summary>
/// A file of decoded images, read through a memory mapping. Little-endian: magic, version, number of images, length of the file,
/// key, SHA-256 of the index; the index: for every image its position, width and height; then the pixels [C, Height, Width] of every
/// image, in any order.
/// </summary>
internal sealed unsafe class PixelFile : IDisposable
{
    private const int KeyBytes = SHA256.HashSizeInBytes;
    private const ulong Magic = 0x4C45584950454C4D;
    private const int Version = 1;
    private const int HeaderBytes = 24 + KeyBytes + SHA256.HashSizeInBytes;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly Entry[] _index;
    private bool _disposed;

    private PixelFile(MemoryMappedViewAccessor view, byte* start, Entry[] index)
    {
        (_view, _index) = (view, index);
        _start = start;
    }

    /// <summary>The pixels of the first image come after so many bytes.</summary>
    public static long PixelsAt(int images) => HeaderBytes + ((long)images * sizeof(Entry));

    /// <summary>Null where there is no such file, or one that is not complete, of another key or of another version.</summary>
    /// <param name="key">What the file must have been made of.</param>
    public static PixelFile? TryOpen(string path, ReadOnlySpan<byte> key, int images)
    {
        var length = File.Exists(path) ? new FileInfo(path).Length : 0;
        if (length < PixelsAt(images))
        {
            return null;
        }

        using var file = MemoryMappedFile.CreateFromFile(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete), null, 0, MemoryMappedFileAccess.Read,
            HandleInheritability.None, leaveOpen: false);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        var index = new ReadOnlySpan<Entry>(start + HeaderBytes, images);
        if (new ReadOnlySpan<byte>(start, HeaderBytes).SequenceEqual(Header(index, length, key)))
        {
            return new(view, start, index.ToArray());
        }

        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        return null;
    }

    /// <summary>Completes a file whose pixels have been written: the header comes last.</summary>
    public static void Finish(FileStream file, ReadOnlySpan<Entry> index, ReadOnlySpan<byte> key)
    {
        RandomAccess.Write(file.SafeFileHandle, MemoryMarshal.AsBytes(index), HeaderBytes);
        RandomAccess.Write(file.SafeFileHandle, Header(index, file.Length, key), 0);
        file.Flush(flushToDisk: true);
    }

    public StoredImage Image(int index)
    {
        // A mapping that is gone would end the process.
        ObjectDisposedException.ThrowIf(_disposed, this);
        var entry = _index[index];
        return new(new(_start + entry.At, (int)entry.Bytes), entry.Width, entry.Height);
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }
    }

    private static byte[] Header(ReadOnlySpan<Entry> index, long length, ReadOnlySpan<byte> key)
    {
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), index.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), length);
        key.CopyTo(header.AsSpan(24));
        SHA256.HashData(MemoryMarshal.AsBytes(index), header.AsSpan(24 + KeyBytes));
        return header;
    }

    /// <param name="At">Position in the file.</param>
    public readonly record struct Entry(long At, int Width, int Height)
    {
        public long Bytes => (long)ImageDecoder.Channels * Width * Height;
    }
}
