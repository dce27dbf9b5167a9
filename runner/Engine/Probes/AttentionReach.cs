using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <param name="Reach">1 for uniform attention.</param>
/// <param name="NonlocalMass">0 where only neighbours are attended to.</param>
/// <param name="UniformNonlocalMass">What uniform attention has through the same masks.</param>
internal sealed record ReachMeasure(double Reach, double NonlocalMass, double UniformNonlocalMass);

/// <summary>
/// Q5a, whether a masked patch is made from its neighbours alone: for a removed query i and the visible patches j, the mean
/// distance that attention A bridges, sum_j A_ij |c_i - c_j| / sum_j A_ij, over what uniform attention bridges there; and the
/// non-local mass, 1 - (sum over i's visible neighbours of A_ij) / sum_j A_ij, neighbours being the eight around it. Mean over removed queries, heads and
/// images. Inspired by Cao, Xu, Clifton 2022, who argue that masked patches are interpolated globally.
/// </summary>
internal static class AttentionReach
{
    /// <summary>Attention to visible patches that is less than this share of a row is none.</summary>
    private const double Nothing = 1e-12;

    /// <param name="maps">[N, heads, L + 1, L + 1] of one decoder layer.</param>
    public static ReachMeasure Of(Tensor maps, Mask mask, int grid)
    {
        using var scope = NewDisposeScope();
        var distances = Constant(PatchGrid.Distances(grid));
        var neighbours = Constant([.. PatchGrid.Rings(grid).Select(ring => ring == 1 ? 1.0 : 0.0)]);
        var removed = mask.Removed.unsqueeze(1);
        var toVisible = (ones_like(mask.Removed) - mask.Removed).view(-1, 1, 1, mask.Plan.Patches);
        var attention = AttentionKernel.PatchBlock(maps) * toVisible;
        var uniform = toVisible.expand(-1, -1, mask.Plan.Patches, -1).Times(1.0 / mask.Plan.Visible);
        var mass = attention.sum([-1L]).Plus(Nothing);

        // A visible query has no part in the mean; where it is the only visible patch, its own distance would be 0 / 0.
        var bridged = (uniform * distances).sum([-1L]).Plus(Nothing);
        return new(
            Mean((attention * distances).sum([-1L]) / mass / bridged),
            1 - Mean((attention * neighbours).sum([-1L]) / mass),
            1 - Mean((uniform * neighbours).sum([-1L])));

        Tensor Constant(double[] pairs) => tensor(pairs, [mask.Plan.Patches, mask.Plan.Patches], maps.dtype, maps.device);

        double Mean(Tensor perQuery) => (perQuery * removed).sum().Values()[0] / (removed.sum().Values()[0] * perQuery.shape[1]);
    }
}
