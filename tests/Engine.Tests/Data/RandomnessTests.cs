using CsCheck;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;

namespace MaeLab.Engine.Tests.Data;

public sealed class RandomnessTests
{
    private static readonly Gen<(MaskSampler Sampler, int Grid, long Image)> s_masks =
        Gen.Select(Gen.Enum<MaskSampler>(), Gen.Int[1, 16], Gen.Long[0, 100_000]);

    /// <summary>From an independent calculation. Other values would change what every recipe and seed means.</summary>
    [Fact]
    public void Bits_are_what_they_have_always_been()
    {
        Assert.Equal(0x35E2CBCF30B0F348UL, CounterRandom.Of(seed: 0, RandomPurpose.Mask, epoch: 0, image: 0).Bits(0));
        Assert.Equal(0xAF59A4A375FF8B10UL, CounterRandom.Of(seed: 42, RandomPurpose.Crop, epoch: 3, image: 7).Bits(11));
        Assert.Equal(0x069448D2D0FF49BAUL, CounterRandom.OfWeight(seed: 1, "blocks.0.attn.qkv.weight").Bits(5));
    }

    [Fact]
    public void Unit_is_uniform_and_Normal_is_normal()
    {
        var random = CounterRandom.Of(1, RandomPurpose.Mask);
        var units = Enumerable.Range(0, 20_000).Select(n => random.Unit(n)).ToList();
        Assert.All(units, unit => Assert.InRange(unit, 0, 1 - 1e-17));
        Assert.Equal(0.5, units.Average(), 0.01);
        Assert.Equal(1 / 12.0, units.Average(unit => (unit - 0.5) * (unit - 0.5)), 0.003);

        var normals = Enumerable.Range(0, 20_000).Select(n => random.Normal(n)).ToList();
        Assert.Equal(0, normals.Average(), 0.03);
        Assert.Equal(1, normals.Average(value => value * value), 0.03);
    }

    [Fact]
    public void Streams_of_different_keys_do_not_meet()
    {
        var first = from seed in Enumerable.Range(0, 6)
                    from purpose in Enum.GetValues<RandomPurpose>()
                    from epoch in Enumerable.Range(0, 6)
                    from image in Enumerable.Range(0, 50)
                    select CounterRandom.Of(seed, purpose, epoch, image).Bits(0);
        Assert.Equal(6 * Enum.GetValues<RandomPurpose>().Length * 6 * 50, first.Distinct().Count());
    }

    [Fact]
    public void EpochOrder_is_a_permutation_of_its_own_for_every_epoch()
    {
        var order = EpochOrder.Of(seed: 5, epoch: 2, count: 1000);

        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
        Assert.Equal(order, EpochOrder.Of(5, 2, 1000));
        Assert.NotEqual(order, EpochOrder.Of(5, 3, 1000));
        Assert.NotEqual(order, EpochOrder.Of(6, 2, 1000));
    }

    [Fact]
    public void Plan_is_a_permutation_of_the_patches() => s_masks.Sample(mask =>
        Assert.Equal(Enumerable.Range(0, mask.Grid * mask.Grid), Order(mask.Sampler, mask.Grid, mask.Image).Order()));

    /// <summary>The order knows nothing of the mask ratio, so its first K entries hold its first K - 1.</summary>
    [Fact]
    public void Plan_masks_are_nested_across_ratios() => Gen.Select(s_masks, Gen.Double[0.01, 0.99], Gen.Double[0.01, 0.99]).Sample((mask, left, right) =>
    {
        var patches = mask.Grid * mask.Grid;
        float[] few = Removed(mask, Recipe.VisiblePatches(patches, Math.Max(left, right)));
        float[] many = Removed(mask, Recipe.VisiblePatches(patches, Math.Min(left, right)));
        Assert.All(Enumerable.Range(0, patches), patch => Assert.True(few[patch] >= many[patch]));
    });

    [Fact]
    public void Plan_grid_keeps_one_patch_of_every_four_at_three_quarters()
    {
        var kept = Order(MaskSampler.Grid, grid: 8, image: 3).Take(16).Select(patch => (patch / 8 / 2, patch % 8 / 2));
        Assert.Equal(16, kept.Distinct().Count());
    }

    [Fact]
    public void Plan_block_leaves_removed_patches_more_neighbours_than_random()
    {
        Assert.True(Neighbours(MaskSampler.Block) > 1.2 * Neighbours(MaskSampler.Random));

        static double Neighbours(MaskSampler sampler) => Enumerable.Range(0, 50).Average(image =>
        {
            var removed = Order(sampler, 14, image).Skip(98).ToHashSet();
            return removed.Count(patch => patch % 14 < 13 && removed.Contains(patch + 1)) + removed.Count(patch => removed.Contains(patch + 14));
        });
    }

    [Fact]
    public void Plan_random_removes_every_patch_equally_often()
    {
        var counts = new int[49];
        foreach (var patch in Enumerable.Range(0, 2000).SelectMany(image => Order(MaskSampler.Random, 7, image).Take(12)))
        {
            counts[patch]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 2000 * 12 / 49 * 0.8, 2000 * 12 / 49 * 1.2));
    }

    [Fact]
    public void FromNoise_sorts_rising_and_breaks_ties_by_position()
    {
        var plan = MaskOrder.FromNoise([0.5f, 0.1f, 0.5f, 0.3f], images: 1, visible: 2);

        Assert.Equal([1, 3, 0, 2], plan.Order);
        Assert.Equal([1f, 0f, 1f, 0f], plan.Mask());
        Assert.Equal([2L, 0L, 3L, 1L], plan.Restore());
        Assert.Equal([1L, 3L], plan.VisibleRows());
    }

    private static int[] Order(MaskSampler sampler, int grid, long image) =>
        MaskOrder.Plan(sampler, grid, 1, [CounterRandom.Of(0, RandomPurpose.Mask, 0, image)]).Order;

    private static float[] Removed((MaskSampler Sampler, int Grid, long Image) mask, int visible) =>
        MaskOrder.Plan(mask.Sampler, mask.Grid, visible, [CounterRandom.Of(0, RandomPurpose.Mask, 0, mask.Image)]).Mask();
}
