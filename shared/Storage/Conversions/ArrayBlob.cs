using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MaeLab.Storage.Conversions;

/// <summary>Arrays of 8-byte numbers as little-endian blobs, for SQLite, which has no arrays. Every bit survives, NaN payloads included.</summary>
internal static class ArrayBlob
{
    public static byte[] FromInt64(ReadOnlySpan<long> values)
    {
        var blob = new byte[values.Length * sizeof(long)];
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(blob);
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(values, MemoryMarshal.Cast<byte, long>(blob.AsSpan()));
        }

        return blob;
    }

    public static long[] ToInt64(ReadOnlySpan<byte> blob)
    {
        if (blob.Length % sizeof(long) != 0)
        {
            throw new FormatException($"A column of 8-byte numbers holds {blob.Length} bytes, which is no multiple of 8: the database file is damaged.");
        }

        var values = new long[blob.Length / sizeof(long)];
        blob.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(values, values);
        }

        return values;
    }

    public static byte[] FromDouble(ReadOnlySpan<double> values) => FromInt64(MemoryMarshal.Cast<double, long>(values));

    public static double[] ToDouble(ReadOnlySpan<byte> blob) => MemoryMarshal.Cast<long, double>(ToInt64(blob)).ToArray();
}

internal sealed class Int64BlobConverter() : ValueConverter<long[], byte[]>(values => ArrayBlob.FromInt64(values), blob => ArrayBlob.ToInt64(blob));

internal sealed class DoubleBlobConverter() : ValueConverter<double[], byte[]>(values => ArrayBlob.FromDouble(values), blob => ArrayBlob.ToDouble(blob));

/// <summary>By value: chunks are small, and a comparison by reference would miss a change inside the array.</summary>
internal sealed class NumbersComparer<T>() : ValueComparer<T[]>(
    (a, b) => SameItems(a, b), values => values.Length, values => values.ToArray())
    where T : unmanaged, IEquatable<T>
{
    private static bool SameItems(T[]? a, T[]? b) => a is null || b is null ? a == b : a.AsSpan().SequenceEqual(b);
}
