using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;
using MaeLab.Engine.Tests.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Model;

public sealed class BlockTraceTests : SubjectTest
{
    [Fact]
    public void Traced_passes_give_what_untraced_ones_do()
    {
        var subject = New();
        var images = subject.Choose(3);
        var (input, mask) = (subject.Images(images), subject.GalleryMask(images));
        BlockTrace encoder = new(), decoder = new();

        var latent = subject.Model.Encode(subject.Weights, input, mask, encoder);
        var prediction = subject.Model.Decode(subject.Weights, latent, mask, decoder);

        AssertNear(subject.Model.Encode(subject.Weights, input, mask), latent);
        AssertNear(subject.Model.Decode(subject.Weights, latent, mask), prediction);
        AssertNear(subject.Model.EncodeAll(subject.Weights, input), subject.Model.EncodeAll(subject.Weights, input, new BlockTrace()));
        AssertNear(latent, nn.functional.layer_norm(encoder.States[^1], [32], subject.Weights["norm.weight"], subject.Weights["norm.bias"], 1e-6));
        Assert.Equal((3, 2, 2), (encoder.States.Count, encoder.Middles.Count, encoder.Maps.Count));
        Assert.Equal([3, 2, 13, 13], encoder.Maps[0].shape);
        Assert.Equal([3, 2, 50, 50], Assert.Single(decoder.Maps).shape);
        Assert.Equal([3, 50, 16], decoder.States[^1].shape);
    }

    /// <summary>The first block of one image and head by hand: norm, q k^T / sqrt(d), softmax, values, projection.</summary>
    [Fact]
    public void Maps_and_states_are_those_of_double_precision()
    {
        var subject = New();
        var trace = new BlockTrace();
        subject.Model.EncodeAll(subject.Weights, subject.Images(subject.Choose(1)), trace);

        var stream = trace.States[0][0].Values().Chunk(32).ToArray();
        double[][] normed = [.. stream.Select(token =>
        {
            var (mean, variance) = (token.Average(), token.Average(value => Math.Pow(value - token.Average(), 2)));
            return token.Select(value => (value - mean) / Math.Sqrt(variance + 1e-6)).ToArray();
        })];
        var qkv = Product(normed, Transposed(Rows("blocks.0.attn.qkv.weight", 32)));
        var mixed = stream.Select(_ => new double[32]).ToArray();
        for (var head = 0; head < 2; head++)
        {
            double[][] q = Part(qkv, 16 * head), k = Part(qkv, 32 + (16 * head)), v = Part(qkv, 64 + (16 * head));
            var powers = Product(q, Transposed(k)).Select(row => row.Select(value => Math.Exp(value / 4)).ToArray());
            var map = powers.Select(row => row.Select(value => value / row.Sum()).ToArray()).ToArray();
            AssertNear(map, trace.Maps[0][0, head]);
            foreach (var (token, row) in Product(map, v).Index())
            {
                row.CopyTo(mixed[token], 16 * head);
            }
        }

        var added = Product(mixed, Transposed(Rows("blocks.0.attn.proj.weight", 32)));
        AssertNear([.. stream.Zip(added, (before, change) => before.Zip(change, (a, b) => a + b).ToArray())], trace.Middles[0][0]);

        double[][] Rows(string name, int columns) => [.. subject.Weights[name].detach().Values().Chunk(columns)];

        static double[][] Part(double[][] matrix, int begin) => [.. matrix.Select(row => row[begin..(begin + 16)])];
    }

    private static void AssertNear(double[][] expected, Tensor actual) => AssertNear(Double(expected), actual.to(ScalarType.Float64));

    private static void AssertNear(Tensor expected, Tensor actual) => Assert.Equal(0, (expected - actual).abs().max().Values()[0], 2e-5);
}
