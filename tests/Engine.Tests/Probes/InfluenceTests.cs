using System.Text.Json;
using CsCheck;
using MaeLab.Engine.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class InfluenceTests : SubjectTest
{
    [Fact]
    public void Length_of_an_exponential_decay_is_found() => Gen.Select(Gen.Double[0.5, 10], Gen.Double[1e-6, 1e3], Gen.Int[1, 16]).Sample((length, size, pixels) =>
    {
        // Distances on the axes fall into bins of their own, as they are.
        var pairs = Enumerable.Range(1, 12).SelectMany(distance =>
            Enumerable.Repeat((Distance: (double)distance, Influence: size * Math.Exp(-distance / length)), distance % 3 + 1));
        Assert.Equal(length * pixels, InfluenceDecay.Of(pairs, pixels).Length!.Value, 1e-3 * length * pixels);
    });

    [Fact]
    public void Influence_that_does_not_fall_has_no_length()
    {
        Assert.Null(InfluenceDecay.Of([(1, 2), (2, 2), (3, 2.5)], 4).Length);
        Assert.Null(InfluenceDecay.Of([(1, 0), (2, 0), (3, 0)], 4).Length);
        Assert.Null(InfluenceDecay.Of([(1, 2), (1, 3)], 4).Length);
    }

    [Fact]
    public void Model_that_does_not_look_is_not_influenced()
    {
        var result = Assert.Single(InfluenceLength.Run(New(values: IdentityBlocks), Free));
        Assert.All(Curve(result.Details).GetProperty("influence").EnumerateArray(), value => Assert.Equal(0, value.GetDouble()));
        Assert.Equal(28, result.Value);
    }

    /// <summary>The first shown patch, by one pass with the image and one for every visible patch painted over.</summary>
    [Fact]
    public void Influence_is_the_change_that_an_occlusion_makes()
    {
        var subject = New();
        var map = JsonDocument.Parse(Assert.Single(InfluenceLength.Run(subject, Free)).Details).RootElement.GetProperty("maps")[0];
        var images = subject.Choose(1);
        var (mask, input, patch) = (subject.GalleryMask(images), subject.Images(images), map.GetProperty("patch").GetInt32());
        var whole = Predict(input);

        Assert.Equal(mask.Plan.Order[..12], map.GetProperty("visible").EnumerateArray().Select(visible => visible.GetInt32()));
        Assert.All(map.GetProperty("influence").EnumerateArray().Zip(mask.Plan.Order), pair =>
        {
            var painted = input.clone();
            var part = painted.narrow(2, pair.Second / 7 * 4, 4).narrow(3, pair.Second % 7 * 4, 4);
            part.copy_(part.mean().expand_as(part));
            var expected = Predict(painted).Zip(whole, (a, b) => (a - b) * (a - b)).Average();
            Assert.Equal(expected, pair.First.GetDouble(), (1e-3 * expected) + 1e-9);
        });

        double[] Predict(Tensor image) => subject.Predict(image, mask)[0, patch].Values();
    }

    private static JsonElement Curve(string details) => JsonDocument.Parse(details).RootElement.GetProperty("curve");
}
