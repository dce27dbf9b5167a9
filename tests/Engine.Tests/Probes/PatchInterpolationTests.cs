using CsCheck;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;

namespace MaeLab.Engine.Tests.Probes;

public sealed class PatchInterpolationTests
{
    /// <summary>The left and the right neighbour of the middle patch are visible, and equally near.</summary>
    [Fact]
    public void Guesses_between_two_patches_by_hand()
    {
        var plan = new MaskPlan(1, 9, 2, [3, 5, 0, 1, 2, 4, 6, 7, 8]);
        var distances = PatchGrid.Distances(3);

        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0, 0], PatchInterpolation.Nearest(plan, distances)[(4 * 9)..(5 * 9)]);
        Assert.Equal([0, 0, 0, 0.5, 0, 0.5, 0, 0, 0], PatchInterpolation.InverseDistance(plan, distances)[(4 * 9)..(5 * 9)]);

        // Patch 0 is 1 away from patch 3 and sqrt(5) from patch 5.
        Assert.Equal(5 / 6.0, PatchInterpolation.InverseDistance(plan, distances)[3], 1e-12);
        Assert.Equal([0, 0, 0, 0.5, 0, 0.5, 0, 0, 0], PatchInterpolation.Mean(plan)[..9]);
    }

    [Fact]
    public void Weights_lie_on_visible_patches_and_sum_to_one() => Gen.Select(Gen.Int[2, 6], Gen.Int[1, 4], Gen.Int[0, 1000]).Sample((grid, visible, seed) =>
    {
        var plan = MaskOrder.Plan(MaskSampler.Random, grid, visible, [CounterRandom.Of(seed, RandomPurpose.Mask)]);
        int[] seen = plan.Order[..visible];
        var distances = PatchGrid.Distances(grid);
        Assert.All(new[] { PatchInterpolation.Nearest(plan, distances), PatchInterpolation.InverseDistance(plan, distances), PatchInterpolation.Mean(plan) }, weights =>
            Assert.All(weights.Chunk(plan.Patches), row =>
            {
                Assert.Equal(1, row.Sum(), 1e-9);
                Assert.Equal(1, seen.Sum(patch => row[patch]), 1e-9);
            }));
        Assert.All(seen, patch => Assert.Equal(1, PatchInterpolation.InverseDistance(plan, distances)[(patch * plan.Patches) + patch]));
    });

    [Fact]
    public void Rings_are_chebyshev_distances()
    {
        var rings = PatchGrid.Rings(3);
        Assert.Equal([1, 1, 1, 1, 0, 1, 1, 1, 1], rings[(4 * 9)..(5 * 9)]);
        Assert.Equal([0, 1, 2, 1, 1, 2, 2, 2, 2], rings[..9]);
    }
}
