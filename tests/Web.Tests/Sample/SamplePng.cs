using MaeLab.Web.Charts;

namespace MaeLab.Web.Tests.Sample;

/// <summary>Grey pictures as PNG, as the runner would store them.</summary>
internal static class SamplePng
{
    /// <param name="pixels">Row by row, 0 black to 1 white.</param>
    public static byte[] Write(double[] pixels, int size)
    {
        byte[] bytes = [.. pixels.SelectMany(value => Enumerable.Repeat((byte)(Math.Clamp(value, 0, 1) * 255), 3).Append(byte.MaxValue))];
        return PixelPng.Write(bytes, size, size);
    }
}
