using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class BarronNormTests : SubjectTest
{
    /// <summary>Two hidden units of a one-dimensional function: |3| (|1| + |-2| + |1|) + |(4, -3)| (|0| + |5| + |0.5|).</summary>
    [Fact]
    public void Norm_of_two_units_by_hand() => Assert.Equal(
        (3 * 4) + (5 * 5.5),
        BarronNorm.Of(tensor([1f, -2f, 0f, 5f], [2, 2]), tensor([1f, -0.5f]), tensor([3f, 4f, 0f, -3f], [2, 2])), 1e-5);

    [Fact]
    public void Blocks_are_measured_as_in_double_precision()
    {
        var subject = New();
        var norms = BarronNorm.OfBlocks(subject.Weights, MaeParameters.EncoderBlocks, subject.Shape.Encoder);

        Assert.Equal(2, norms.Length);
        Assert.All(norms.Index(), entry =>
        {
            double[][] inner = Rows($"blocks.{entry.Index}.mlp.fc1.weight", 32), outer = Rows($"blocks.{entry.Index}.mlp.fc2.weight", 128);
            var bias = subject.Weights[$"blocks.{entry.Index}.mlp.fc1.bias"].Values();
            var expected = Enumerable.Range(0, 128).Sum(unit => Math.Sqrt(outer.Sum(row => row[unit] * row[unit])) * (inner[unit].Sum(Math.Abs) + Math.Abs(bias[unit])));
            Assert.Equal(expected, entry.Item, 1e-5 * expected);
        });

        double[][] Rows(string name, int columns) => [.. subject.Weights[name].detach().Values().Chunk(columns)];
    }
}
