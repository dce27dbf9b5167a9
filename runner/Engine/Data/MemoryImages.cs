using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MaeLab.Engine.Data;

/// <summary>Square images of one size in memory.</summary>
/// <param name="pixels">[Count, Channels, size, size]</param>
/// <param name="labels">[Count]</param>
public sealed class MemoryImages(int channels, int size, ReadOnlyMemory<byte> pixels, ReadOnlyMemory<int> labels) : ImageSet(channels, labels)
{
    private int ImageBytes => Channels * size * size;

    public override StoredImage Image(int index, ImageDecoder decoder) => new(pixels.Span.Slice(index * ImageBytes, ImageBytes), size, size);

    public override MemoryImages Slice(int first, int count) =>
        new(Channels, size, pixels.Slice(first * ImageBytes, count * ImageBytes), Labels.Slice(first, count));

    public override void AddTo(IncrementalHash hash)
    {
        hash.AppendData(pixels.Span);
        hash.AppendData(MemoryMarshal.AsBytes(Labels.Span));
    }
}
