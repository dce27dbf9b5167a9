using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MaeLab.Storage.Interchange;

/// <summary>Writes one message of protocol buffers: a field is a number with its kind, then the value (https://protobuf.dev/programming-guides/encoding).</summary>
internal sealed class ProtoMessage
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    private enum Wire
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public ProtoMessage Integer(int field, long value)
    {
        Tag(field, Wire.Varint);
        Varint((ulong)value);
        return this;
    }

    public ProtoMessage Double(int field, double value)
    {
        Tag(field, Wire.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
        return this;
    }

    public ProtoMessage Float(int field, float value)
    {
        Tag(field, Wire.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
        return this;
    }

    public ProtoMessage Text(int field, string value) => Raw(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Message(int field, ProtoMessage value) => Raw(field, value.Bytes.Span);

    public ProtoMessage Raw(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Wire.Bytes);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    private void Tag(int field, Wire wire) => Varint((ulong)((field << 3) | (int)wire));

    /// <summary>Seven bits a byte, lowest first; the highest bit says that more follow.</summary>
    private void Varint(ulong value)
    {
        while (value > 0x7F)
        {
            _bytes.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        _bytes.Write([(byte)value]);
    }
}
