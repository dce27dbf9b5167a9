using System.Globalization;
using CsCheck;
using MaeLab.Engine.Data;
using MaeLab.Engine.Formats;

namespace MaeLab.Engine.Tests.Data;

public sealed class RandAugmentTests
{
    private static readonly Dictionary<string, (SafetensorsEntry Entry, byte[] Bytes)> s_pillow = ReadFixture();

    public static TheoryData<RandAugmentOperation> Operations => [.. Enum.GetValues<RandAugmentOperation>()];

    /// <summary>
    /// Grey and in colour, at several magnitudes and both ways, to the bit; Pillow 9.4.
    /// </summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public void Operation_gives_the_bytes_that_Pillow_does(RandAugmentOperation operation)
    {
        var cases = s_pillow.Where(tensor => tensor.Key.Contains($"/{operation}/", StringComparison.Ordinal)).ToList();
        Assert.True(cases.Count >= 6, $"{cases.Count} cases");
        foreach (var (name, (entry, expected)) in cases)
        {
            var parts = name.Split('/');
            var actual = s_pillow[$"{parts[0]}/image"].Bytes.ToArray();
            Assert.Equal(entry.Shape[0] == 1 && operation == RandAugmentOperation.Color, expected.SequenceEqual(actual));
            RandAugment.Perform(
                operation, double.Parse(parts[2], CultureInfo.InvariantCulture), int.Parse(parts[3], CultureInfo.InvariantCulture),
                new(actual, (int)entry.Shape[0], (int)entry.Shape[1]), Fill((int)entry.Shape[0]), new byte[actual.Length]);

            Assert.True(expected.SequenceEqual(actual), $"{name}: {Difference(expected, actual)}");
        }
    }

    [Fact]
    public void Operation_keeps_an_image_of_one_colour_even_where_nothing_moves_in() => Gen.Select(
        Gen.Enum<RandAugmentOperation>(), Gen.Double[0, 10], Gen.Bool, Gen.Byte.Array[3], Gen.Int[1, 12]).Sample((operation, magnitude, positive, color, size) =>
    {
        byte[] pixels = [.. color.SelectMany(value => Enumerable.Repeat(value, size * size))];
        RandAugment.Perform(operation, magnitude, positive ? 1 : -1, new(pixels, 3, size), color, new byte[pixels.Length]);
        Assert.All(pixels.Chunk(size * size), plane => Assert.Single(plane.Distinct()));
    });

    [Fact]
    public void Operations_of_magnitude_0_that_move_or_blend_leave_the_image()
    {
        var image = s_pillow["rgb/image"];
        foreach (var operation in Enum.GetValues<RandAugmentOperation>().Where(operation => operation is RandAugmentOperation.Rotate or >= RandAugmentOperation.Color))
        {
            var pixels = image.Bytes.ToArray();
            RandAugment.Perform(operation, 0, 1, new(pixels, 3, (int)image.Entry.Shape[1]), Fill(3), new byte[pixels.Length]);
            Assert.Equal(image.Bytes, pixels);
        }
    }

    /// <summary>A quarter is left alone: neither of the two operations has its turn.</summary>
    [Fact]
    public void Policy_leaves_a_quarter_of_the_images_and_draws_the_same_again()
    {
        var augment = new RandAugment(9, [0.2f], [0.25f], size: 4);
        float[] image = [.. Enumerable.Range(0, 16).Select(n => (((n * 17 / 2) + 40) / 255f - 0.2f) / 0.25f)];
        var results = Enumerable.Range(0, 2_000).Select(Augmented).ToList();

        // Colour does nothing to grey images, equalising nothing to so small ones: 2 of 15 operations.
        Assert.Equal(Math.Pow(1 - (0.5 * 13 / 15), 2), results.Count(result => result.Zip(image).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5f)) / 2_000.0, 0.04);
        Assert.True(results.Select(result => string.Join(' ', result)).Distinct().Count() > 500);
        Assert.Equal(results[7], Augmented(7));

        float[] Augmented(int n)
        {
            var copy = image.ToArray();
            augment.Apply(copy, CounterRandom.Of(1, RandomPurpose.RandAugment, 0, n));
            return copy;
        }
    }

    [Fact]
    public void Policy_fills_with_the_mean_of_the_set_which_is_next_to_zero_once_normalised()
    {
        var augment = new RandAugment(10, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f], size: 8);
        var filled = Enumerable.Range(0, 200).Count(n =>
        {
            var white = Enumerable.Repeat(2f, 3 * 64).ToArray();
            augment.Apply(white, CounterRandom.Of(1, RandomPurpose.RandAugment, 0, n));
            return white.Any(value => Math.Abs(value) < 0.5f / 255 / 0.22f);
        });
        Assert.InRange(filled, 30, 120);
    }

    private static byte[] Fill(int channels) => channels == 1 ? [73] : [124, 116, 104];

    private static string Difference(byte[] expected, byte[] actual) =>
        $"{expected.Zip(actual).Count(pair => pair.First != pair.Second)} bytes differ, by up to {expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second))}";

    private static Dictionary<string, (SafetensorsEntry Entry, byte[] Bytes)> ReadFixture()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", "randaugment.safetensors"));
        return new SafetensorsReader(file).ReadAll();
    }
}
