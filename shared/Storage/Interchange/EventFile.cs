using System.Buffers.Binary;
using MaeLab.Domain;

namespace MaeLab.Storage.Interchange;

/// <summary>
/// An event file of TensorBoard: records of TFRecord, each a message <c>tensorflow.Event</c> (event.proto, summary.proto and tensor.proto
/// of TensorFlow). Field numbers are theirs.
/// </summary>
internal sealed class EventFile(Stream target)
{
    private const int TextType = 7; // DT_STRING

    private const int Rgb = 3;

    /// <summary>Must come first.</summary>
    public Task WriteVersionAsync(DateTimeOffset at, CancellationToken cancellationToken) =>
        WriteRecordAsync(target, new ProtoMessage().Double(1, Seconds(at)).Text(3, "brain.Event:2").Bytes, cancellationToken);

    /// <param name="value">Kept in single precision, as TensorBoard has it.</param>
    public Task WriteScalarAsync(DateTimeOffset at, long step, string tag, double value, CancellationToken cancellationToken) =>
        WriteAsync(at, step, new ProtoMessage().Text(1, tag).Float(2, (float)value), cancellationToken);

    public Task WriteImageAsync(DateTimeOffset at, long step, string tag, int width, int height, byte[] png, CancellationToken cancellationToken)
    {
        var image = new ProtoMessage().Integer(1, height).Integer(2, width).Integer(3, Rgb).Raw(4, png);
        return WriteAsync(at, step, new ProtoMessage().Text(1, tag).Message(4, image), cancellationToken);
    }

    /// <param name="markdown">Of the tab Text.</param>
    public Task WriteTextAsync(DateTimeOffset at, string tag, string markdown, CancellationToken cancellationToken)
    {
        var tensor = new ProtoMessage().Integer(1, TextType).Message(2, new()).Text(8, markdown);
        return WriteAsync(at, 0, new ProtoMessage().Text(1, tag).Message(8, tensor).Message(9, Plugin("text", new())), cancellationToken);
    }

    /// <param name="content">A message <c>HParamsPluginData</c> of TensorBoard's plugin hparams.</param>
    public Task WriteHyperparametersAsync(DateTimeOffset at, string tag, ProtoMessage content, CancellationToken cancellationToken) =>
        WriteAsync(at, 0, new ProtoMessage().Text(1, tag).Message(9, Plugin("hparams", content)), cancellationToken);

    public static double Seconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).TotalSeconds;

    private Task WriteAsync(DateTimeOffset at, long step, ProtoMessage value, CancellationToken cancellationToken) => WriteRecordAsync(
        target, new ProtoMessage().Double(1, Seconds(at)).Integer(2, step).Message(5, new ProtoMessage().Message(1, value)).Bytes, cancellationToken);

    private static ProtoMessage Plugin(string name, ProtoMessage content) =>
        new ProtoMessage().Message(1, new ProtoMessage().Text(1, name).Message(2, content));

    /// <summary>Length, its sum, content, its sum; all little-endian.</summary>
    private static async Task WriteRecordAsync(Stream target, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var record = new byte[sizeof(ulong) + sizeof(uint) + content.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(ulong)), Mask(Crc32C.Of(record.AsSpan(0, sizeof(ulong)))));
        content.CopyTo(record.AsMemory(sizeof(ulong) + sizeof(uint)));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - sizeof(uint)), Mask(Crc32C.Of(content.Span)));
        await target.WriteAsync(record, cancellationToken);
    }

    /// <summary>So that the sum of what itself contains sums is no trivial one (TFRecord).</summary>
    private static uint Mask(uint crc) => ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
}
