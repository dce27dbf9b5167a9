using CsCheck;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Evaluation;

/// <summary>What classifiers are made of: neighbours, layers' learning rates, drop path, mixing, crops.</summary>
public sealed class ClassifierPartsTests
{
    private static readonly Gen<(int Seed, int Train, int Queries, int Width, int Classes, int Neighbors)> s_knn =
        Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 40], Gen.Int[1, 300], Gen.Int[2, 6], Gen.Int[2, 5], Gen.Int[1, 50]);

    [Fact]
    public void Neighbours_vote_as_in_a_search_through_all_of_them()
    {
        NativeThreads.Prepare();
        s_knn.Sample(size =>
        {
            using var scope = NewDisposeScope();
            var random = CounterRandom.Of(size.Seed, RandomPurpose.Crop);
            float[][] train = Rows(size.Train, 0), queries = Rows(size.Queries, 1_000_000);
            long[] labels = [.. Enumerable.Range(0, size.Train).Select(n => (long)random.Below(2_000_000 + n, size.Classes))];

            var guesses = NearestNeighbors.Predict(
                tensor(train.SelectMany(row => row).ToArray(), [size.Train, size.Width]), tensor(labels), size.Classes,
                tensor(queries.SelectMany(row => row).ToArray(), [size.Queries, size.Width]), size.Neighbors);

            Assert.Equal(size.Queries, guesses.Length);
            Assert.All(queries.Zip(guesses), pair =>
            {
                var votes = new double[size.Classes];
                foreach (var (cosine, label) in train.Select((row, n) => (Cosine(row, pair.First), labels[n])).OrderByDescending(known => known.Item1).Take(size.Neighbors))
                {
                    votes[label] += Math.Exp(cosine / 0.07);
                }

                // In single precision a near-draw may go either way.
                Assert.True(votes[pair.Second] > 0.999 * votes.Max(), $"class {pair.Second} of votes {string.Join(' ', votes)}");
            });

            float[][] Rows(int count, int first) => [.. Enumerable.Range(0, count * size.Width).Select(n => (float)random.Normal(first + n)).Chunk(size.Width)];
        }, iter: 100, threads: 1);

        static double Cosine(float[] left, float[] right) =>
            left.Zip(right, (a, b) => (double)a * b).Sum() / Math.Sqrt(left.Sum(a => (double)a * a) * right.Sum(b => (double)b * b));
    }

    /// <summary>ViT-B of MAE's fine-tuning: twelve blocks, decay 0.65.</summary>
    [Theory]
    [InlineData("cls_token", 13)]
    [InlineData("pos_embed", 13)]
    [InlineData("patch_embed.proj.weight", 13)]
    [InlineData("blocks.0.attn.qkv.weight", 12)]
    [InlineData("blocks.9.norm1.bias", 3)]
    [InlineData("blocks.11.mlp.fc2.bias", 1)]
    [InlineData("norm.weight", 0)]
    [InlineData("fc_norm.weight", 0)]
    [InlineData("head.weight", 0)]
    public void Layer_decay_slows_a_parameter_by_its_distance_from_the_head(string parameter, int power) =>
        Assert.Equal(Math.Pow(0.65, power), LayerDecay.Scale(0.65, LayerDecay.Layer(parameter, 12), 12), 1e-12);

    [Fact]
    public void Encoder_parameters_are_those_of_a_plain_vision_transformer()
    {
        var shape = new MaeShape(224, 3, 16, new(768, 12, 12), new(512, 8, 16));
        Assert.Equal(85_647_360 + (197 * 768), MaeParameters.OfEncoder(shape).Sum(parameter => parameter.Count));
    }

    [Fact]
    public void Drop_path_rises_from_block_to_block_and_keeps_the_expectation()
    {
        const int Depth = 5, Images = 4_000;
        var factors = DropPath.Factors(0.4, Depth, seed: 3, epoch: 1, [.. Enumerable.Range(0, Images)]);

        for (var branch = 0; branch < 2 * Depth; branch++)
        {
            var rate = 0.1 * (branch / 2);
            var row = factors[(branch * Images)..((branch + 1) * Images)];
            Assert.All(row, factor => Assert.Contains(factor, new[] { 0, (float)(1 / (1 - rate)) }));
            Assert.Equal(rate, row.Count(factor => factor == 0) / (double)Images, 0.03);
            Assert.Equal(1, row.Average(), 0.05);
        }

        Assert.All(DropPath.Factors(0.4, depth: 1, 3, 1, [0, 1, 2]), factor => Assert.Equal(1, factor));
    }

    [Fact]
    public void Mixing_shares_the_label_as_it_shares_the_pixels() => Gen.Select(Gen.Long[0, 100_000], Gen.Int[1, 40]).Sample((image, size) =>
    {
        var mixing = Mixing.Of(CounterRandom.Of(1, RandomPurpose.Mixing, 0, image), size);
        Assert.Equal(mixing.Partner.Average(share => (double)share), mixing.Share, 1e-5);
        Assert.True(mixing.Partner.All(share => share is 0 or 1) || mixing.Partner.Distinct().Count() == 1);
    });

    /// <summary>Beta(0.8, 0.8) has variance 1 / (4 x 2.6); half of the draws are CutMix, whose share is mostly neither 0 nor 1.</summary>
    [Fact]
    public void Mixing_draws_both_ways_with_their_distributions()
    {
        var all = Enumerable.Range(0, 10_000).Select(image => Mixing.Of(CounterRandom.Of(1, RandomPurpose.Mixing, 0, image), 8)).ToList();
        var mixup = all.Where(mixing => mixing.Partner[0] is > 0 and < 1).Select(mixing => mixing.Share).ToList();

        Assert.Equal(0.5, mixup.Count / 10_000.0, 0.03);
        Assert.Equal(0.5, mixup.Average(), 0.02);
        Assert.Equal(1 / (4 * 2.6), mixup.Average(share => (share - 0.5) * (share - 0.5)), 0.005);
    }

    [Fact]
    public void Probe_crops_lie_within_the_image_and_take_a_twelfth_of_it_or_more() => Gen.Select(Gen.Long[0, 100_000], Gen.Int[1, 256], Gen.Int[1, 256]).Sample((image, width, height) =>
    {
        var crop = ProbeCrop.Of(width, height, CounterRandom.Of(1, RandomPurpose.Crop, 0, image));
        Assert.True(crop.Left >= 0 && crop.Top >= 0 && crop.Width >= 1 && crop.Height >= 1 && crop.Left + crop.Width <= width && crop.Top + crop.Height <= height);

        // Sides are rounded, by up to half a pixel each, and one that does not fit is cut.
        Assert.True(crop.Width == width || crop.Height == height || (crop.Width + 0.5) * (crop.Height + 0.5) >= 0.08 * width * height);
    });
}
