using CsCheck;
using MaeLab.Engine.Data;

namespace MaeLab.Engine.Tests.Data;

public sealed class RandomErasingTests
{
    /// <summary>No normal number; marks what is left of an image.</summary>
    private const float Left = 1_000;

    [Fact]
    public void Erased_part_is_one_rectangle_of_all_channels_within_the_bounds() => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[12, 64]).Sample((image, size) =>
    {
        var erased = Erased(image, size, channels: 3, probability: 1);
        var rows = Enumerable.Range(0, size).Where(y => erased.AsSpan(y * size, size).Contains(true)).ToList();
        var columns = Enumerable.Range(0, size).Where(x => Enumerable.Range(0, size).Any(y => erased[(y * size) + x])).ToList();

        int height = rows[^1] - rows[0] + 1, width = columns[^1] - columns[0] + 1;
        Assert.All(erased.Chunk(size * size), plane => Assert.Equal(erased[..(size * size)], plane));
        Assert.Equal(height * width, erased[..(size * size)].Count(value => value));

        // Sides are rounded by up to half a pixel.
        Assert.True((height + 0.5) * (width + 0.5) >= 0.02 * size * size && (height - 0.5) * (width - 0.5) <= size * size / 3.0, $"{height} x {width} of {size} x {size}");
        Assert.True((height - 0.5) / (width + 0.5) <= 1 / 0.3 && (height + 0.5) / (width - 0.5) >= 0.3, $"{height} x {width}");
    });

    [Fact]
    public void Share_of_erased_images_is_the_probability()
    {
        Assert.Equal(0.25, Enumerable.Range(0, 4_000).Count(image => Erased(image, 8, 1, 0.25).Contains(true)) / 4_000.0, 0.03);
        Assert.DoesNotContain(Enumerable.Range(0, 100), image => Erased(image, 8, 1, 0).Contains(true));
    }

    [Fact]
    public void Noise_is_standard_normal_and_another_for_every_pixel_and_channel()
    {
        var noise = Enumerable.Range(0, 200).SelectMany(image => Apply(image, 16, 3, 1)).Where(value => value != Left).ToList();
        Assert.Equal(0, noise.Average(), 0.02);
        Assert.Equal(1, noise.Average(value => value * value), 0.03);
        Assert.Equal(noise.Count, noise.Distinct().Count(), noise.Count / 100.0);
    }

    private static bool[] Erased(int image, int size, int channels, double probability) =>
        [.. Apply(image, size, channels, probability).Select(value => value != Left)];

    private static float[] Apply(int image, int size, int channels, double probability)
    {
        var pixels = Enumerable.Repeat(Left, channels * size * size).ToArray();
        RandomErasing.Apply(pixels, size, probability, CounterRandom.Of(1, RandomPurpose.RandomErasing, 0, image));
        return pixels;
    }
}
