using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Npgsql;

namespace MaeLab.Storage.Metrics;

/// <summary>
/// Rows in PostgreSQL's binary COPY format (documentation of COPY, "Binary Format"), written to the connection as they are.
/// Npgsql's importer turns every element of an array around by itself; whole arrays at once are several times as fast,
/// and arrays of doubles are nearly all that a chunk is.
/// </summary>
internal sealed class BinaryCopy : IAsyncDisposable
{
    private const int FlushedFrom = 256 * 1024;

    /// <summary>More than a row takes.</summary>
    private const int Reserve = FlushedFrom / 4;

    private const int Int8Oid = 20;
    private const int Float8Oid = 701;
    private const int NullLength = -1;

    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0];

    private readonly NpgsqlRawCopyStream _stream;
    // Rented: one of this size made anew for each flush keeps the garbage collector at its oldest generation.
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(FlushedFrom + Reserve);
    private int _count;
    private bool _completed;

    private BinaryCopy(NpgsqlRawCopyStream stream) => _stream = stream;

    /// <param name="command">A COPY ... FROM STDIN (FORMAT BINARY).</param>
    public static async Task<BinaryCopy> BeginAsync(NpgsqlConnection connection, string command, CancellationToken cancellationToken)
    {
        var copy = new BinaryCopy(await connection.BeginRawBinaryCopyAsync(command, cancellationToken));
        Signature.CopyTo(copy.Take(Signature.Length));
        copy.WriteInt32(0); // no flags
        copy.WriteInt32(0); // no header extension
        return copy;
    }

    public async ValueTask StartRowAsync(short columns, CancellationToken cancellationToken)
    {
        if (_count >= FlushedFrom)
        {
            await FlushAsync(cancellationToken);
        }

        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), columns);
    }

    public void Write(int value)
    {
        WriteInt32(sizeof(int));
        WriteInt32(value);
    }

    public void Write(long value)
    {
        WriteInt32(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);
    }

    public void Write(double value) => Write(BitConverter.DoubleToInt64Bits(value));

    public void Write(double[] values) => WriteArray(Float8Oid, MemoryMarshal.Cast<double, long>(values));

    public void Write(long[]? values)
    {
        if (values is null)
        {
            WriteInt32(NullLength);
        }
        else
        {
            WriteArray(Int8Oid, values);
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), -1);
        await FlushAsync(cancellationToken);
        _completed = true;
        await _stream.DisposeAsync();
    }

    /// <summary>Takes everything back unless <see cref="CompleteAsync"/> was called.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_completed)
        {
            await _stream.CancelAsync();
            await _stream.DisposeAsync();
        }

        ArrayPool<byte>.Shared.Return(_buffer);
    }

    /// <summary>One dimension, no nulls, lower bound 1; the elements are eight bytes each.</summary>
    private void WriteArray(int elementType, ReadOnlySpan<long> values)
    {
        const int LengthAndElement = sizeof(int) + sizeof(long);
        WriteInt32(((values.Length == 0 ? 3 : 5) * sizeof(int)) + (values.Length * LengthAndElement));
        WriteInt32(values.Length == 0 ? 0 : 1); // dimensions
        WriteInt32(0); // no nulls
        WriteInt32(elementType);
        if (values.Length == 0)
        {
            return;
        }

        WriteInt32(values.Length);
        WriteInt32(1);
        var bytes = Take(values.Length * LengthAndElement);
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, sizeof(long));
            BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(int)..], value);
            bytes = bytes[LengthAndElement..];
        }
    }

    private void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    private Span<byte> Take(int count)
    {
        var bytes = _buffer.AsSpan(_count, count);
        _count += count;
        return bytes;
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_buffer.AsMemory(0, _count), cancellationToken);
        _count = 0;
    }
}
