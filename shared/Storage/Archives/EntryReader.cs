using System.IO.Compression;
using System.Security.Cryptography;

namespace MaeLab.Storage.Archives;

/// <summary>One entry, read to its end and no further than it is said to be long.</summary>
internal sealed class EntryReader : IAsyncDisposable
{
    private const byte NewLine = (byte)'\n';

    private readonly ArchivedEntry _expected;
    private readonly Stream _content;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private long _read;

    private EntryReader(ArchivedEntry expected, Stream content) => (_expected, _content) = (expected, content);

    /// <summary>Bytes that are still to come.</summary>
    public long Left => _expected.Length - _read + (_end - _start);

    public long Length => _expected.Length;

    public string Sha256 => _expected.Sha256;

    public static async Task<EntryReader> OpenAsync(ZipArchiveEntry entry, ArchivedEntry expected, CancellationToken cancellationToken)
    {
        try
        {
            return new(expected, await entry.OpenAsync(cancellationToken));
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw new ArchiveException(expected.Name, $"cannot be unpacked: {error.Message}", error);
        }
    }

    /// <summary>What the zip library throws at what is no sound zip file. It promises no list.</summary>
    public static bool IsDamage(Exception error) =>
        error is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException or InvalidOperationException;

    /// <returns>The next line without its end; null at the end. Good until the next call.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf(NewLine);
            if (found >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + found);
                _start += searched + found + 1;
                return line;
            }

            searched = _end - _start;
            if (searched > ArchiveFormat.LongestRow)
            {
                throw new ArchiveException(_expected.Name, $"has a line of more than {ArchiveFormat.LongestRow} bytes.");
            }

            if (!await FillAsync(cancellationToken))
            {
                return searched == 0 ? null : throw new ArchiveException(_expected.Name, "ends within a line.");
            }
        }
    }

    /// <exception cref="ArchiveException">There are not so many.</exception>
    public async ValueTask<byte[]> ReadAsync(int count, CancellationToken cancellationToken)
    {
        if (count > Left)
        {
            throw new ArchiveException(_expected.Name, $"has too few bytes: {count} more are needed, {Left} are left.");
        }

        var bytes = new byte[count];
        var had = Math.Min(count, _end - _start);
        _buffer.AsSpan(_start, had).CopyTo(bytes);
        _start += had;
        while (had < count)
        {
            had += await ReadSomeAsync(bytes.AsMemory(had), cancellationToken) is > 0 and var read ? read : throw Short();
        }

        return bytes;
    }

    /// <exception cref="ArchiveException">Something is left, or what was read is not what was written.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (Left > 0)
        {
            throw new ArchiveException(_expected.Name, $"has {Left} bytes more than its rows tell of.");
        }

        if (await ReadSomeAsync(new byte[1], cancellationToken) > 0)
        {
            throw Long();
        }

        if (Convert.ToHexStringLower(_hash.GetCurrentHash()) is var actual && actual != _expected.Sha256)
        {
            throw new ArchiveException(_expected.Name, $"is damaged: its SHA-256 is {actual}, and {_expected.Sha256} by the manifest.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _content.DisposeAsync();
    }

    /// <returns>False at the end.</returns>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await ReadSomeAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0 || (_read < _expected.Length ? throw Short() : false);
    }

    private async ValueTask<int> ReadSomeAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        try
        {
            var read = await _content.ReadAsync(target, cancellationToken);
            _hash.AppendData(target.Span[..read]);
            _read += read;
            return _read <= _expected.Length ? read : throw Long();
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw new ArchiveException(_expected.Name, $"cannot be unpacked: {error.Message}", error);
        }
    }

    private ArchiveException Short() => new(_expected.Name, $"ends after {_read} of {_expected.Length} bytes.");

    private ArchiveException Long() => new(_expected.Name, $"is longer than the {_expected.Length} bytes it is said to have.");
}
