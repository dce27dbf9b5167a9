using System.Buffers;
using System.Security.Cryptography;

namespace MaeLab.Storage.Archives;

/// <summary>
/// Passes on what is written, and knows length and SHA-256 of it. Cannot seek, whatever is beneath: a zip file then has the same
/// bytes in a file as in a download. What is written synchronously, as a zip entry does with its end, is kept until something is written
/// asynchronously or <see cref="DrainAsync"/> is called: a response takes nothing synchronously.
/// </summary>
internal sealed class MeasuredStream(Stream target) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _kept = new();

    public long Written { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => Written; set => throw new NotSupportedException(); }

    /// <returns>Lower-case hex.</returns>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _kept.Write(buffer);
        Measure(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await DrainAsync(cancellationToken);
        await target.WriteAsync(buffer, cancellationToken);
        Measure(buffer.Span);
    }

    /// <summary>Passes on what was kept.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        if (_kept.WrittenCount > 0)
        {
            await target.WriteAsync(_kept.WrittenMemory, cancellationToken);
            _kept.ResetWrittenCount();
        }
    }

    public override void Flush()
    {
        // See DrainAsync.
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        await target.FlushAsync(cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Measure(ReadOnlySpan<byte> written)
    {
        _hash.AppendData(written);
        Written += written.Length;
    }
}
