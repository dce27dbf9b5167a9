using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;

namespace MaeLab.Engine.Tests.Probes;

/// <summary>The first attention of an encoder in plain double precision, over any subset of an image's tokens.</summary>
internal sealed class QuadratureReference
{
    private const string Block = "blocks.0";

    private readonly int _width;
    private readonly int _heads;
    private readonly double[][] _qkv;
    private readonly double[] _qkvBias;
    private readonly double[][] _projection;
    private readonly double[] _projectionBias;

    /// <summary>[N][L + 1][D] after the norm: what the attention reads.</summary>
    private readonly double[][][] _normed;

    public QuadratureReference(Subject subject, int[] images)
    {
        (_width, _heads) = (subject.Shape.Encoder.Width, subject.Shape.Encoder.Heads);
        (_qkv, _qkvBias) = (Matrix("attn.qkv.weight"), Vector("attn.qkv.bias"));
        (_projection, _projectionBias) = (Matrix("attn.proj.weight"), Vector("attn.proj.bias"));
        double[] scale = Vector("norm1.weight"), shift = Vector("norm1.bias");
        var trace = new BlockTrace();
        subject.Model.EncodeAll(subject.Weights, subject.Images(images), trace);
        _normed = [.. trace.States[0].Values().Chunk(_width).Select(token => Norm(token, scale, shift)).Chunk(subject.Shape.Patches + 1)];

        double[] Vector(string name) => [.. subject.Weights[$"{Block}.{name}"].Values()];

        double[][] Matrix(string name) => [.. Vector(name).Chunk(_width)];
    }

    /// <param name="patches">Those that are visible; cls always is.</param>
    /// <returns>Of each of these patches, what attention adds to its token.</returns>
    public double[][] Of(int image, IReadOnlyList<int> patches)
    {
        var tokens = patches.Select(patch => patch + 1).Prepend(0).Select(token => Affine(_qkv, _qkvBias, _normed[image][token])).ToArray();
        var ofHead = _width / _heads;
        return [.. Enumerable.Range(1, patches.Count).Select(query =>
        {
            var mixed = new double[_width];
            for (var head = 0; head < _heads; head++)
            {
                var first = head * ofHead;
                var scores = tokens.Select(key => Enumerable.Range(first, ofHead).Sum(n => tokens[query][n] * key[_width + n]) / Math.Sqrt(ofHead)).ToArray();
                var weights = scores.Select(score => Math.Exp(score - scores.Max())).ToArray();
                for (var n = first; n < first + ofHead; n++)
                {
                    mixed[n] = tokens.Select((value, token) => weights[token] * value[(2 * _width) + n]).Sum() / weights.Sum();
                }
            }

            return Affine(_projection, _projectionBias, mixed);
        })];
    }

    private static double[] Affine(double[][] weight, double[] bias, double[] input) => [.. weight.Select((row, n) => bias[n] + row.Zip(input, (a, b) => a * b).Sum())];

    private static double[] Norm(double[] token, double[] scale, double[] shift)
    {
        var mean = token.Average();
        var deviation = Math.Sqrt(token.Average(value => (value - mean) * (value - mean)) + 1e-6);
        return [.. token.Select((value, n) => ((value - mean) / deviation * scale[n]) + shift[n])];
    }
}
