using System.Runtime.InteropServices;
using SkiaSharp;

namespace MaeLab.Engine.Evaluation;

internal static class Png
{
    /// <param name="pixels">[size, size, channels], one channel (grey) or three (red, green, blue).</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int size, int channels)
    {
        using var bitmap = new SKBitmap(size, size, channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
        var rows = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bitmap.GetPixelSpan()), bitmap.ByteCount);
        for (var y = 0; y < size; y++)
        {
            var row = rows[(y * bitmap.RowBytes)..];
            for (var x = 0; x < size; x++)
            {
                var pixel = pixels.Slice(((y * size) + x) * channels, channels);
                if (channels == 1)
                {
                    row[x] = pixel[0];
                }
                else
                {
                    pixel.CopyTo(row[(4 * x)..]);
                    row[(4 * x) + 3] = byte.MaxValue;
                }
            }
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }
}
