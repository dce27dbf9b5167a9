using CsCheck;
using MaeLab.Engine.Probes;

namespace MaeLab.Engine.Tests.Probes;

public sealed class SpectraTests
{
    [Fact]
    public void EffectiveRank_counts_equal_singular_values() => Gen.Select(Gen.Int[1, 50], Gen.Int[0, 20], Gen.Double[1e-3, 1e3]).Sample((equal, none, size) =>
        Assert.Equal(equal, Spectra.EffectiveRank([.. Enumerable.Repeat(size, equal), .. new double[none]]), 1e-9 * equal));

    [Fact]
    public void EffectiveRank_lies_between_one_and_their_number_whatever_the_scale() =>
        Gen.Select(Gen.Double[0.01, 10].Array[1, 20], Gen.Double[1e-3, 1e3]).Sample((values, scale) =>
    {
        var rank = Spectra.EffectiveRank(values);
        Assert.InRange(rank, 1 - 1e-9, values.Length + 1e-9);
        Assert.Equal(rank, Spectra.EffectiveRank([.. values.Select(value => value * scale)]), 1e-9 * rank);
    });

    [Fact]
    public void Rank_of_nothing_is_none() => Assert.Equal((0, 0), (Spectra.EffectiveRank(new double[3]), Spectra.Rank(new double[3], 0.99)));

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.9, 2)]
    [InlineData(0.99, 3)]
    [InlineData(1, 3)]
    public void Rank_holds_a_share_of_the_energy(double share, int rank) => Assert.Equal(rank, Spectra.Rank([4, 2, 1, 0], share));
}
