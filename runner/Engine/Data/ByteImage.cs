namespace MaeLab.Engine.Data;

/// <summary>A square image of bytes, changed in place.</summary>
/// <param name="values">[C, S, S]; C is 1 (grey) or 3 (red, green, blue).</param>
/// <param name="channels">C</param>
/// <param name="size">S</param>
public readonly ref struct ByteImage(Span<byte> values, int channels, int size)
{
    /// <summary>[C, S, S]</summary>
    public Span<byte> Values { get; } = values;

    public int Channels { get; } = channels;

    public int Size { get; } = size;

    /// <returns>[S, S]</returns>
    public Span<byte> Plane(int channel) => Values.Slice(channel * Size * Size, Size * Size);
}
