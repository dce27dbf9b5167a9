using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class AttentionReachTests : ProbeTest
{
    private const int Grid = 4;
    private const int Patches = Grid * Grid;

    [Fact]
    public void Uniform_attention_reaches_as_far_as_uniform_attention()
    {
        var measure = AttentionReach.Of(full(2, 3, Patches + 1, Patches + 1, 1f / (Patches + 1)), Masks(visible: 5), Grid);

        Assert.Equal(1, measure.Reach, 1e-6);
        Assert.Equal(measure.UniformNonlocalMass, measure.NonlocalMass, 1e-6);
    }

    /// <summary>Every patch attends to its eight neighbours alone, of which with a grid-wise mask one at least is visible.</summary>
    [Fact]
    public void Attention_to_neighbours_has_no_distant_mass_and_a_short_reach()
    {
        var neighbours = tensor([.. PatchGrid.Rings(Grid).Select(ring => ring == 1 ? 1f : 0f)], [Patches, Patches]);
        var maps = zeros(1, 1, Patches + 1, Patches + 1);
        AttentionKernel.PatchBlock(maps).copy_(neighbours / neighbours.sum(1, keepdim: true));

        var measure = AttentionReach.Of(maps, Mask.Of(MaskOrder.Plan(MaskSampler.Grid, Grid, Patches / 4, [CounterRandom.Of(1, RandomPurpose.Mask)]), CPU), Grid);

        Assert.Equal(0, measure.NonlocalMass, 1e-6);
        Assert.InRange(measure.Reach, 0.3, 0.9);
        Assert.InRange(measure.UniformNonlocalMass, 0.3, 0.9);
    }

    [Fact]
    public void Random_attention_is_measured_as_in_double_precision()
    {
        var mask = Masks(visible: 4);
        double[][][] maps = [.. Enumerable.Range(0, 6).Select(seed => RandomMap(seed, Patches + 1))];
        List<double> reaches = [], distant = [], uniform = [];
        for (var n = 0; n < maps.Length; n++)
        {
            var order = mask.Plan.Order[(n / 3 * Patches)..][..Patches];
            int[] visible = order[..4];
            foreach (var query in order[4..])
            {
                double Weight(int key) => maps[n][query + 1][key + 1];
                double Distance(int key) => Math.Sqrt(Math.Pow((query / Grid) - (key / Grid), 2) + Math.Pow((query % Grid) - (key % Grid), 2));
                bool Near(int key) => Distance(key) < 1.5;
                reaches.Add(visible.Sum(key => Weight(key) * Distance(key)) / visible.Sum(Weight) / visible.Average(Distance));
                distant.Add(1 - (visible.Where(Near).Sum(Weight) / visible.Sum(Weight)));
                uniform.Add(1 - (visible.Count(Near) / 4.0));
            }
        }

        var measure = AttentionReach.Of(stack([.. maps.Select(Single)]).view(2, 3, Patches + 1, Patches + 1), mask, Grid);

        Assert.Equal(reaches.Average(), measure.Reach, 1e-5);
        Assert.Equal(distant.Average(), measure.NonlocalMass, 1e-5);
        Assert.Equal(uniform.Average(), measure.UniformNonlocalMass, 1e-5);
    }

    private static Mask Masks(int visible) => Mask.Of(
        MaskOrder.Plan(MaskSampler.Random, Grid, visible, [.. Enumerable.Range(0, 2).Select(image => CounterRandom.Of(0, RandomPurpose.Mask, 0, image))]), CPU);
}
