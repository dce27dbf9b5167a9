using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class RowSpaceLeakageTests : ProbeTest
{
    private const int Grid = 4;

    /// <summary>Rows of rank 3 in general position; with their mean taken off they keep it.</summary>
    [Theory]
    [InlineData(3, true)]
    [InlineData(8, true)]
    [InlineData(2, false)]
    public void Rows_of_rank_r_are_spanned_by_r_of_them(int visible, bool spanned)
    {
        var leakage = RowSpaceLeakage.Of(Single(Product(Random(1, 16, 3), Random(2, 3, 9))).unsqueeze(0), Masks(visible));
        Assert.Equal(spanned, leakage == 0);
    }

    /// <summary>The identity less its mean projects onto 15 dimensions, of which K visible rows span K.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    public void Orthogonal_rows_leak_by_their_share(int visible) =>
        Assert.Equal(1 - (visible / 15.0), RowSpaceLeakage.Of(eye(16).unsqueeze(0), Masks(visible)), 1e-9);

    [Fact]
    public void Random_rows_leak_as_in_double_precision()
    {
        var plan = Masks(visible: 5);
        var rows = Centred(Random(3, 16, 12));
        List<double[]> basis = [];
        foreach (var row in plan.VisibleRows())
        {
            var rest = Without(rows[row], basis);
            basis.Add([.. rest.Select(value => value / Math.Sqrt(Dot(rest, rest)))]);
        }

        Assert.Equal(Energy([.. rows.Select(row => Without(row, basis))]) / Energy(rows), RowSpaceLeakage.Of(Single(Random(3, 16, 12)).unsqueeze(0), plan), 1e-6);

        static double[] Without(double[] row, List<double[]> basis) =>
            basis.Aggregate(row, (rest, direction) => [.. rest.Zip(direction, (value, d) => value - (Dot(rest, direction) * d))]);
    }

    [Fact]
    public void Equal_rows_leak_nothing_and_have_no_rank()
    {
        Assert.Equal(0, RowSpaceLeakage.Of(ones(1, 16, 4), Masks(1)));
        Assert.Equal(0, RowSpaceLeakage.RelativeRank(ones(1, 16, 4)));
    }

    [Fact]
    public void Rank_is_relative_to_the_smaller_side() =>
        Assert.Equal(3 / 9.0, RowSpaceLeakage.RelativeRank(Single(Product(Identity(16).Select(row => row[..3]).ToArray(), Identity(9)[..3])).unsqueeze(0)), 1e-9);

    private static MaskPlan Masks(int visible) => MaskOrder.Plan(MaskSampler.Random, Grid, visible, [CounterRandom.Of(5, RandomPurpose.Mask)]);
}
