using MaeLab.Engine.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class AttentionKernelTests : ProbeTest
{
    private const int Tokens = 10;

    [Fact]
    public void Uniform_attention_is_symmetric_of_rank_one_and_does_not_diverge()
    {
        var measure = AttentionKernel.Of(full(2, 3, Tokens, Tokens, 1f / Tokens));

        Assert.Equal(1, measure.EffectiveRank, 1e-4);
        Assert.Equal(0, measure.Asymmetry, 1e-6);
        Assert.Equal(0, measure.Divergence, 1e-6);
    }

    [Fact]
    public void Attention_to_oneself_is_symmetric_of_full_rank_and_diverges_most()
    {
        var measure = AttentionKernel.Of(eye(Tokens).expand(2, 3, Tokens, Tokens));

        Assert.Equal(Tokens - 1, measure.EffectiveRank, 1e-4);
        Assert.Equal(0, measure.Asymmetry, 1e-6);
        Assert.Equal(Math.Log(Tokens), measure.Divergence, 1e-6);
        Assert.Equal(Enumerable.Repeat(1.0, Tokens - 1), measure.Spectrum);
    }

    /// <summary>Every patch attends to the next: no two of three or more attend to each other.</summary>
    [Fact]
    public void Attention_in_a_ring_is_as_asymmetric_as_can_be()
    {
        var ring = zeros(Tokens, Tokens);
        ring[0, 0] = 1;
        ring.narrow(0, 1, Tokens - 1).narrow(1, 1, Tokens - 1).copy_(eye(Tokens - 1).roll(1, 1));

        Assert.Equal(1, AttentionKernel.Of(ring.view(1, 1, Tokens, Tokens)).Asymmetry, 1e-6);
    }

    [Fact]
    public void Random_attention_is_measured_as_in_double_precision()
    {
        double[][][] maps = [.. Enumerable.Range(0, 6).Select(seed => RandomMap(seed, Tokens))];
        double[][][] blocks = [.. maps.Select(map => map.Skip(1).Select(row => row[1..]).ToArray())];

        var measure = AttentionKernel.Of(stack([.. maps.Select(Single)]).view(2, 3, Tokens, Tokens));

        Assert.Equal(blocks.Average(block => Spectra.EffectiveRank(SingularValues(block))), measure.EffectiveRank, 1e-4);
        Assert.Equal(blocks.Average(block => Math.Sqrt(Energy(Combined(block, -1)) / Energy(Combined(block, 1)))), measure.Asymmetry, 1e-5);
        Assert.Equal(maps.Average(map => map.Average(row => row.Sum(value => value * Math.Log(Tokens * value)))), measure.Divergence, 1e-5);
        Assert.All(Transposed([.. blocks.Select(SingularValues)]).Select(values => values.Average()).Zip(measure.Spectrum), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        static double[][] Combined(double[][] block, int sign) => [.. block.Select((row, r) => row.Select((value, c) => value + (sign * block[c][r])).ToArray())];
    }
}
