using MaeLab.Engine.Data;

namespace MaeLab.Engine.Tests.Data;

public sealed class ColorJitterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5f)]
    [InlineData(1)]
    public void Even_grey_image_changes_in_brightness_alone(float shade)
    {
        // It is its own mean, so contrast leaves it.
        var shades = Many([shade, shade], channels: 1).Select(image => image[1]).ToList();

        Assert.All(shades, jittered => Assert.InRange(jittered, (0.6f * shade) - 1e-6f, Math.Min(1, (1.4f * shade) + 1e-6f)));
        Assert.Equal(shade > 0, shades.Min() < 0.7f * shade && shades.Max() > Math.Min(1, 1.3f * shade) - 1e-6f);
    }

    [Fact]
    public void Contrast_of_a_grey_image_is_scaled_about_its_mean()
    {
        // Nothing is clipped here: brightness scales mean and difference alike, contrast the difference alone.
        var contrasts = Many([0.4f, 0.6f], channels: 1).Select(image => (image[1] - image[0]) / (image[1] + image[0]) / 0.2f).ToList();

        Assert.All(contrasts, contrast => Assert.InRange(contrast, 0.6f - 1e-4f, 1.4f + 1e-4f));
        Assert.True(contrasts.Min() < 0.65 && contrasts.Max() > 1.35, $"from {contrasts.Min()} to {contrasts.Max()}");
    }

    [Fact]
    public void Grey_colours_stay_grey() => Assert.All(Many([0.3f, 0.3f, 0.3f], channels: 3), image => Assert.Equal(image[0], image.Average(), 1e-5f));

    [Fact]
    public void Hue_turns_by_up_to_a_tenth_of_the_circle()
    {
        // (green - blue) / (red - blue) of the first sixth.
        var turns = Many([0.6f, 0.4f, 0.3f], channels: 3).Select(image => Hue(image) - (1 / 18f)).ToList();

        Assert.All(turns, turn => Assert.InRange(turn, -0.1f - 1e-4f, 0.1f + 1e-4f));
        Assert.True(turns.Min() < -0.09 && turns.Max() > 0.09, $"from {turns.Min()} to {turns.Max()}");
    }

    [Fact]
    public void Saturation_scales_the_distance_from_grey()
    {
        // A single pixel is its own mean: contrast changes its level once, and moves no colour against another.
        var saturations = Many([0.42f, 0.4f, 0.38f], channels: 3).Select(image => (image.Max() - image.Min()) / image.Average() / 0.1f).ToList();

        Assert.All(saturations, saturation => Assert.InRange(saturation, 0.55f * 0.6f, 1.45f * 1.4f));
        Assert.True(saturations.Min() < 0.6 && saturations.Max() > 1.4, $"from {saturations.Min()} to {saturations.Max()}");
    }

    [Fact]
    public void Order_of_the_changes_varies()
    {
        // A black and a white pixel, brighter and of less contrast. Brightness first finds the white one at its limit: then they keep
        // their sum of 1. Contrast first leaves it room to rise.
        var sums = Many([0, 1], channels: 1).Where(image => image[0] > 0.01f).Select(image => image.Sum()).ToList();

        Assert.Contains(sums, sum => Math.Abs(sum - 1) < 1e-5f);
        Assert.Contains(sums, sum => sum > 1.01f);
    }

    [Fact]
    public void Normalised_image_is_jittered_as_its_pixels_are()
    {
        float[] pixels = [0.2f, 0.8f, 0.5f, 0.4f, 0.3f, 0.6f], mean = [0.5f, 0.4f, 0.3f], deviation = [0.25f, 0.2f, 0.3f];
        float[] normalized = [.. pixels.Select((pixel, n) => (pixel - mean[n / 2]) / deviation[n / 2])];
        var random = CounterRandom.Of(1, RandomPurpose.ColorJitter);
        ColorJitter.Apply(pixels, [0, 0, 0], [1, 1, 1], random);
        ColorJitter.Apply(normalized, mean, deviation, random);

        Assert.All(pixels.Zip(normalized.Select((value, n) => (value * deviation[n / 2]) + mean[n / 2])), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    /// <summary>Share of the colour circle from red, within half a circle of it.</summary>
    private static float Hue(float[] color)
    {
        float largest = color.Max(), range = largest - color.Min();
        return largest == color[0] ? (color[1] - color[2]) / range / 6 : (2 + ((color[2] - color[0]) / range)) / 6;
    }

    private static List<float[]> Many(float[] pixels, int channels) => [.. Enumerable.Range(0, 400).Select(image =>
    {
        var jittered = pixels.ToArray();
        ColorJitter.Apply(jittered, new float[channels], [.. Enumerable.Repeat(1f, channels)], CounterRandom.Of(0, RandomPurpose.ColorJitter, 0, image));
        return jittered;
    })];
}
