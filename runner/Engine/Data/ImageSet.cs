namespace MaeLab.Engine.Data;

/// <summary>Labelled square images in memory as they were stored, one byte a value.</summary>
/// <param name="Pixels">[Count, Channels, Size, Size]</param>
/// <param name="Labels">[Count]</param>
public sealed record ImageSet(int Channels, int Size, ReadOnlyMemory<byte> Pixels, ReadOnlyMemory<byte> Labels)
{
    public int Count => Labels.Length;

    public int ImageBytes => Channels * Size * Size;

    /// <returns>[Channels, Size, Size]</returns>
    public ReadOnlySpan<byte> Image(int index) => Pixels.Span.Slice(index * ImageBytes, ImageBytes);

    public ImageSet Slice(int first, int count) =>
        this with { Pixels = Pixels.Slice(first * ImageBytes, count * ImageBytes), Labels = Labels.Slice(first, count) };
}

/// <summary>A data set as the engine uses it.</summary>
/// <param name="Probe">Held-out images, never trained on.</param>
/// <param name="Mean">Per channel, of pixels in [0, 1]; with <paramref name="Deviation"/> it normalises the model's input.</param>
public sealed record Dataset(string Name, int Classes, ImageSet Train, ImageSet Probe, float[] Mean, float[] Deviation)
{
    public int Channels => Train.Channels;
}
