using System.Security.Cryptography;

namespace MaeLab.Engine.Data;

/// <summary>Labelled images, one byte a value, however they are kept. Read by several threads at once.</summary>
/// <param name="labels">[Count]</param>
public abstract class ImageSet(int channels, ReadOnlyMemory<int> labels) : IDisposable
{
    public int Channels { get; } = channels;

    public int Count => Labels.Length;

    /// <summary>[Count]</summary>
    public ReadOnlyMemory<int> Labels { get; } = labels;

    /// <param name="decoder">The calling thread's own: where the image has to be decoded it lies there until the next one is.</param>
    /// <exception cref="Training.TrainingFailedException">Bad data: the image cannot be decoded.</exception>
    public abstract StoredImage Image(int index, ImageDecoder decoder);

    /// <summary>A part of the set; it lives as long as the whole.</summary>
    public abstract ImageSet Slice(int first, int count);

    /// <summary>Adds what tells these images and labels from others: pixels where they are in memory, otherwise the files' names and lengths.</summary>
    public abstract void AddTo(IncrementalHash hash);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <param name="pixels">[C, Height, Width]</param>
public readonly ref struct StoredImage(ReadOnlySpan<byte> pixels, int width, int height)
{
    /// <summary>[C, Height, Width]</summary>
    public ReadOnlySpan<byte> Pixels { get; } = pixels;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <returns>[Height, Width]</returns>
    public ReadOnlySpan<byte> Plane(int channel) => Pixels.Slice(channel * Width * Height, Width * Height);
}
