using MaeLab.Engine.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class SkipConditioningTests : ProbeTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(1)]
    public void Attention_to_oneself_is_perfectly_conditioned(double skip) => Assert.Equal(0, SkipConditioning.LogCondition(eye(9).unsqueeze(0), skip), 1e-6);

    /// <summary>Uniform attention has the eigenvalues 1 and 0, in single precision no smaller than 2^-24; with the skip they are 2 and 1.</summary>
    [Theory]
    [InlineData(0, 7.2247)]
    [InlineData(0.1, 1.0414)]
    [InlineData(1, 0.3010)]
    public void Uniform_attention_is_singular_without_a_skip(double skip, double expected) =>
        Assert.Equal(expected, SkipConditioning.LogCondition(full(3, 9, 9, 1f / 9), skip), 1e-4);

    [Fact]
    public void Random_attention_is_conditioned_as_in_double_precision()
    {
        double[][][] maps = [RandomMap(1, 9), RandomMap(2, 9)];
        foreach (var skip in new[] { 0, 0.1, 1 })
        {
            var expected = maps.Average(map =>
            {
                var values = SingularValues([.. map.Select((row, r) => row.Select((value, c) => value + (r == c ? skip : 0)).ToArray())]);
                return Math.Log10(values[0] / values[^1]);
            });
            Assert.Equal(expected, SkipConditioning.LogCondition(stack([.. maps.Select(Single)]), skip), 1e-4);
        }
    }
}
