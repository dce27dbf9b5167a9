using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;

namespace MaeLab.Engine.Tests.Training;

/// <summary>Beyond 512 tokens attention in bf16 is libtorch's fused one; below, products in steps.</summary>
public sealed class ManyTokensTests
{
    /// <summary>The decoder has 577 tokens; the encoder as well where it sees the removed ones. 48 pixels have 145.</summary>
    [Theory]
    [InlineData(96, false)]
    [InlineData(96, true)]
    [InlineData(48, true)]
    public void Bf16_trains_as_fp32_does_on_either_side_of_512_tokens(int imageSize, bool encoderMaskTokens)
    {
        var recipe = Jobs.Small with
        {
            Dataset = new(Datasets.FashionMnistSample.Name, 32),
            ImageSize = imageSize,
            PatchSize = 4,
            BatchSize = 8,
            Epochs = 2,
            EncoderMaskTokens = encoderMaskTokens,
        };
        RecordingSink exact = new(), rounded = new();
        Assert.True(Jobs.Run(recipe, exact).Completed);
        Assert.True(Jobs.Run(recipe with { Precision = Precision.Bf16 }, rounded).Completed);

        AssertNear(SeriesNames.TrainLoss, 0.01);
        AssertNear(SeriesNames.GradientNorm, 0.05);

        void AssertNear(string series, double share)
        {
            Assert.Equal(8, exact.Values(series).Count);
            Assert.All(exact.Values(series).Zip(rounded.Values(series)), pair => Assert.InRange(pair.Second / pair.First, 1 - share, 1 + share));
        }
    }
}
