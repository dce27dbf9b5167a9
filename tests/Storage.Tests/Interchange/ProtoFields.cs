using System.Buffers.Binary;

namespace MaeLab.Storage.Tests.Interchange;

/// <summary>Reads any message of protocol buffers into its fields: <see cref="long"/>, <see cref="double"/>, <see cref="float"/> or bytes.</summary>
internal static class ProtoFields
{
    public static ILookup<int, object> Read(ReadOnlySpan<byte> message)
    {
        var fields = new List<(int Number, object Value)>();
        while (message.Length > 0)
        {
            var tag = Varint(ref message);
            fields.Add(((int)(tag >> 3), (tag & 7) switch
            {
                0 => (long)Varint(ref message),
                1 => BinaryPrimitives.ReadDoubleLittleEndian(Take(ref message, sizeof(double))),
                2 => Take(ref message, (int)Varint(ref message)).ToArray(),
                5 => (object)BinaryPrimitives.ReadSingleLittleEndian(Take(ref message, sizeof(float))),
                var kind => throw new InvalidDataException($"There is no kind {kind} of field."),
            }));
        }

        return fields.ToLookup(field => field.Number, field => field.Value);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> message, int count)
    {
        var taken = message[..count];
        message = message[count..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(ref message, 1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
