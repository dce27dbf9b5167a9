using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace MaeLab.Web.Features.Runs;

/// <summary>The last row of a page: its sort key and id. Rows that come and go meanwhile shift nothing.</summary>
public readonly record struct RunCursor(double Key, Guid Id)
{
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, Key);
        Id.TryWriteBytes(bytes[8..]);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out RunCursor? cursor)
    {
        Span<byte> bytes = stackalloc byte[24];
        cursor = text is { Length: 32 } && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == 24
            && BinaryPrimitives.ReadDoubleLittleEndian(bytes) is var key && !double.IsNaN(key)
            ? new RunCursor(key, new Guid(bytes[8..]))
            : null;
        return cursor is not null;
    }
}
