using System.Numerics;
using System.Runtime.InteropServices;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;
using SkiaSharp;

namespace MaeLab.Engine.Data;

/// <summary>
/// Decodes JPEG, PNG and WebP to RGB, as Pillow's <c>convert("RGB")</c> does: alpha is dropped, colour profile and EXIF
/// orientation are not applied. Keeps its buffers from image to image; one a thread.
/// </summary>
public sealed class ImageDecoder
{
    public const int Channels = 3;

    /// <summary>
    /// JPEG and WebP can be decoded at 1/2, 1/4 and 1/8 of their size in a fraction of the time. That is done as long as the
    /// shorter side keeps this many pixels, twice of what most models look at: photographs come with ten times that.
    /// </summary>
    public const int SideKept = 512;

    /// <summary>A slip or an attack; decoding takes 7 bytes a pixel.</summary>
    private const long MaxPixels = 200_000_000;

    private byte[] _interleaved = [];
    private byte[] _planes = [];

    /// <summary>The image lies in this decoder until the next one is decoded.</summary>
    /// <exception cref="TrainingFailedException">Bad data: no complete image of a known format.</exception>
    public StoredImage Decode(string path)
    {
        using var codec = Open(path, out var size);
        int width = size.Width, height = size.Height, pixels = width * height;
        if (_planes.Length < Channels * pixels)
        {
            (_interleaved, _planes) = (new byte[4 * pixels], new byte[Channels * pixels]);
        }

        var into = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var pin = GCHandle.Alloc(_interleaved, GCHandleType.Pinned);
        try
        {
            var result = codec.GetPixels(into, pin.AddrOfPinnedObject(), into.RowBytes, SKCodecOptions.Default);
            if (result != SKCodecResult.Success)
            {
                throw Bad(path, $"damaged, its pixels cannot be decoded ({result})");
            }
        }
        finally
        {
            pin.Free();
        }

        Separate(MemoryMarshal.Cast<byte, uint>(_interleaved.AsSpan(0, 4 * pixels)), _planes);
        return new(_planes.AsSpan(0, Channels * pixels), width, height);
    }

    /// <summary>Width and height as decoded; reads the file's header only.</summary>
    /// <inheritdoc cref="Decode" path="/exception"/>
    public static (int Width, int Height) Size(string path)
    {
        using var codec = Open(path, out var size);
        return (size.Width, size.Height);
    }

    private static SKCodec Open(string path, out SKSizeI size)
    {
        // Skia says for a missing file only that something went wrong.
        if (!File.Exists(path))
        {
            throw Bad(path, "missing; it was there when the folder was listed");
        }

        var codec = SKCodec.Create(path, out var result)
            ?? throw Bad(path, $"expected a JPEG, PNG or WebP image, found something else or a damaged header ({result})");
        // As they are stored, not as they are taken: to give a progressive JPEG an eighth of its size, libjpeg holds all of it.
        if ((long)codec.Info.Width * codec.Info.Height > MaxPixels)
        {
            var told = $"{codec.Info.Width} x {codec.Info.Height} pixels are too many, expected at most {MaxPixels}";
            codec.Dispose();
            throw Bad(path, told);
        }

        var shorter = Math.Min(codec.Info.Width, codec.Info.Height);
        var reduction = 1;
        while (reduction < 8 && shorter >= 2 * reduction * SideKept)
        {
            reduction *= 2;
        }

        size = codec.GetScaledDimensions(1f / reduction);
        return codec;
    }

    /// <summary>Red, green, blue, alpha of every pixel to three planes.</summary>
    private static void Separate(ReadOnlySpan<uint> interleaved, Span<byte> planes)
    {
        var pixels = interleaved.Length;
        Span<byte> red = planes[..pixels], green = planes.Slice(pixels, pixels), blue = planes.Slice(2 * pixels, pixels);
        var pixel = 0;
        for (; pixel <= pixels - Vector<byte>.Count; pixel += Vector<byte>.Count)
        {
            var a = new Vector<uint>(interleaved[pixel..]);
            var b = new Vector<uint>(interleaved[(pixel + Vector<uint>.Count)..]);
            var c = new Vector<uint>(interleaved[(pixel + (2 * Vector<uint>.Count))..]);
            var d = new Vector<uint>(interleaved[(pixel + (3 * Vector<uint>.Count))..]);
            Low(a, b, c, d).CopyTo(red[pixel..]);
            Low(a >> 8, b >> 8, c >> 8, d >> 8).CopyTo(green[pixel..]);
            Low(a >> 16, b >> 16, c >> 16, d >> 16).CopyTo(blue[pixel..]);
        }

        for (; pixel < pixels; pixel++)
        {
            (red[pixel], green[pixel], blue[pixel]) = ((byte)interleaved[pixel], (byte)(interleaved[pixel] >> 8), (byte)(interleaved[pixel] >> 16));
        }
    }

    /// <summary>The lowest byte of every element.</summary>
    private static Vector<byte> Low(Vector<uint> a, Vector<uint> b, Vector<uint> c, Vector<uint> d)
    {
        var mask = new Vector<uint>(byte.MaxValue);
        return Vector.Narrow(Vector.Narrow(a & mask, b & mask), Vector.Narrow(c & mask, d & mask));
    }

    private static TrainingFailedException Bad(string path, string what) => new(ReasonCode.BadData, $"{path}: {what}.");
}
