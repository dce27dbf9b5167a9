using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace MaeLab.Web.Features.Runs;

/// <summary>The last row of a page: its sort key and id, and the order they belong to. Rows that come and go meanwhile shift nothing.</summary>
public readonly record struct RunCursor(RunSort Sort, bool Descending, double Key, Guid Id)
{
    private const int Bytes = 25;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes[0] = (byte)(((int)Sort * 2) + (Descending ? 1 : 0));
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[1..], Key);
        Id.TryWriteBytes(bytes[9..]);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out RunCursor? cursor)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        cursor = text?.Length == Base64Url.GetEncodedLength(Bytes)
            && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == Bytes
            && Enum.IsDefined((RunSort)(bytes[0] / 2))
            && BinaryPrimitives.ReadDoubleLittleEndian(bytes[1..]) is var key && !double.IsNaN(key)
            ? new RunCursor((RunSort)(bytes[0] / 2), bytes[0] % 2 == 1, key, new Guid(bytes[9..]))
            : null;
        return cursor is not null;
    }
}
