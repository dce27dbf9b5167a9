using System.Security.Cryptography;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Tests.Training;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Data;

public sealed class ImageLoaderTests
{
    /// <summary>Two grey images of 8 x 8: a ramp to the right, and all 100.</summary>
    private static readonly Dataset s_dataset = Images([.. Enumerable.Range(0, 64).Select(n => (byte)(n % 8 * 30)), .. Enumerable.Repeat((byte)100, 64)]);

    [Fact]
    public void Plain_normalises_by_mean_and_deviation()
    {
        var image = new float[64];
        new ImageLoader(s_dataset, 8).Plain(s_dataset.Train, 0, image);

        Assert.Equal(((30 / 255f) - 0.5f) / 0.25f, image[1], 1e-5f);
        Assert.Equal(((210 / 255f) - 0.5f) / 0.25f, image[63], 1e-5f);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(11)]
    [InlineData(32)]
    public void Plain_resized_keeps_a_constant_image_constant_and_a_ramp_rising(int size)
    {
        var loader = new ImageLoader(s_dataset, size);
        var image = new float[size * size];
        loader.Plain(s_dataset.Train, 1, image);
        Assert.All(image, value => Assert.Equal(((100 / 255f) - 0.5f) / 0.25f, value, 1e-4f));

        loader.Plain(s_dataset.Train, 0, image);
        Assert.Equal(image[..size].Order(), image[..size]);
        Assert.Equal(((105 / 255f) - 0.5f) / 0.25f, image.Average(), 0.02f);
    }

    [Theory]
    [InlineData(1, 3, 0, 4)]
    [InlineData(0.5, 4, 1, 2)]
    public void Plain_shows_the_middle_of_an_image_that_is_not_square(double share, int left, int top, int side)
    {
        // 10 x 4, every pixel its own value.
        byte[] pixels = [.. Enumerable.Range(0, 40).Select(n => (byte)(n * 5))];
        using var wide = new Fixed(10, 4, pixels);
        using var part = new MemoryImages(1, side, (byte[])[.. Rows(pixels, 10, left, top, side)], new int[1]);
        float[] actual = new float[64], expected = new float[64];

        new ImageLoader(new("wide", 2, wide, wide, [0.5f], [0.25f], share), 8).Plain(wide, 0, actual);
        new ImageLoader(new("part", 2, part, part, [0.5f], [0.25f]), 8).Plain(part, 0, expected);

        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(40, 2)]
    [InlineData(2, 40)]
    [InlineData(13, 11)]
    [InlineData(1, 1)]
    public void Augmented_random_crop_stays_within_the_image_whatever_its_shape(int width, int height)
    {
        using var set = new Fixed(width, height, [.. Enumerable.Repeat((byte)200, width * height)]);
        var loader = new ImageLoader(new("grey", 2, set, set, [0.5f], [0.25f]), 8);
        for (var epoch = 0; epoch < 100; epoch++)
        {
            Assert.All(Augmented(loader, Augmentation.RandomCrop, epoch, 0), value => Assert.Equal(((200 / 255f) - 0.5f) / 0.25f, value, 1e-4f));
        }
    }

    [Fact]
    public void Augmented_none_is_plain()
    {
        var loader = new ImageLoader(s_dataset, 8);
        float[] plain = new float[64], augmented = Augmented(loader, Augmentation.None, epoch: 5, image: 0);
        loader.Plain(s_dataset.Train, 0, plain);
        Assert.Equal(plain, augmented);
    }

    [Theory]
    [InlineData(Augmentation.FixedCrop)]
    [InlineData(Augmentation.RandomCrop)]
    [InlineData(Augmentation.RandomCropColorJitter)]
    public void Augmented_is_a_function_of_seed_epoch_and_image(Augmentation augmentation)
    {
        var loader = new ImageLoader(s_dataset, 8);
        var images = Enumerable.Range(0, 40).Select(epoch => Augmented(loader, augmentation, epoch, 0)).ToList();

        Assert.Equal(images[3], Augmented(new ImageLoader(s_dataset, 8), augmentation, 3, 0));
        Assert.True(images.Select(image => string.Join(' ', image)).Distinct().Count() > 5);
        // About half are mirrored: the ramp falls.
        Assert.InRange(images.Count(image => image[24] > image[31]), 8, 32);
    }

    [Fact]
    public void Augmented_fixed_crop_moves_by_an_eighth_at_most_and_pads_with_black()
    {
        var loader = new ImageLoader(s_dataset, 8);
        var black = -0.5f / 0.25f;
        for (var epoch = 0; epoch < 40; epoch++)
        {
            var image = Augmented(loader, Augmentation.FixedCrop, epoch, 1);
            Assert.InRange(image.Count(value => Math.Abs(value - black) < 1e-5), 0, 8 + 8 - 1);
            // The middle is never reached by the padding.
            Assert.Equal(((100 / 255f) - 0.5f) / 0.25f, image[(3 * 8) + 4], 1e-5f);
        }
    }

    [Fact]
    public void BatchFeed_started_in_the_middle_gives_what_it_would_have_given()
    {
        var dataset = new DatasetLocator(new Dictionary<string, string>()).Open(Datasets.FashionMnistSample.Name, 320);
        var recipe = Jobs.Small with { Augmentation = Augmentation.RandomCrop };
        var token = TestContext.Current.CancellationToken;
        using var whole = PretrainingFeed.Start(recipe, dataset, firstBatch: 0, batchesPerEpoch: 10);
        using var late = PretrainingFeed.Start(recipe, dataset, firstBatch: 13, batchesPerEpoch: 10);
        for (var skipped = 0; skipped < 13; skipped++)
        {
            whole.Next(token);
        }

        for (var batch = 13; batch < 30; batch++)
        {
            Batch<MaskPlan> expected = whole.Next(token), actual = late.Next(token);
            Assert.Equal(expected.Pixels, actual.Pixels);
            Assert.Equal(expected.Plan.Order, actual.Plan.Order);
        }

        Assert.Throws<InvalidOperationException>(() => late.Next(token));
    }

    private static float[] Augmented(ImageLoader loader, Augmentation augmentation, long epoch, int image)
    {
        var result = new float[64];
        loader.Augmented(image, augmentation, seed: 0, epoch, result);
        return result;
    }

    private static IEnumerable<byte> Rows(byte[] pixels, int width, int left, int top, int side) =>
        Enumerable.Range(top, side).SelectMany(row => pixels[((row * width) + left)..((row * width) + left + side)]);

    private static Dataset Images(byte[] pixels)
    {
        var set = new MemoryImages(1, 8, pixels, new int[pixels.Length / 64]);
        return new("test", 2, set, set, [0.5f], [0.25f]);
    }

    /// <summary>One grey image of any size.</summary>
    private sealed class Fixed(int width, int height, byte[] pixels) : ImageSet(1, new int[1])
    {
        public override StoredImage Image(int index, ImageDecoder decoder) => new(pixels, width, height);

        public override ImageSet Slice(int first, int count) => throw new NotSupportedException();

        public override void AddTo(IncrementalHash hash) => throw new NotSupportedException();
    }
}
