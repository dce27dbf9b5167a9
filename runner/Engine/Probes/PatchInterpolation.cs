using MaeLab.Engine.Model;

namespace MaeLab.Engine.Probes;

/// <summary>Classical guesses of removed patches: weighted means of the visible ones. Every result is [N, L, L], a row for a patch, its weights summing to 1.</summary>
internal static class PatchInterpolation
{
    /// <summary>The nearest visible patch; of equally near ones the first by rows.</summary>
    public static double[] Nearest(MaskPlan plan, double[] distances) => Weigh(plan, (patch, visible) =>
    {
        var nearest = visible.Order().MinBy(other => distances[(patch * plan.Patches) + other]);
        return other => other == nearest ? 1 : 0;
    });

    /// <summary>1 / d^2 (Shepard 1968); a visible patch is itself.</summary>
    public static double[] InverseDistance(MaskPlan plan, double[] distances) => Weigh(plan, (patch, visible) => visible.Contains(patch)
        ? other => other == patch ? 1 : 0
        : other => Math.Pow(distances[(patch * plan.Patches) + other], -2));

    public static double[] Mean(MaskPlan plan) => Weigh(plan, (_, _) => _ => 1);

    private static double[] Weigh(MaskPlan plan, Func<int, int[], Func<int, double>> weightsOf)
    {
        var all = new double[plan.Images * plan.Patches * plan.Patches];
        for (var row = 0; row < plan.Images * plan.Patches; row++)
        {
            var visible = plan.Order[(row / plan.Patches * plan.Patches)..][..plan.Visible];
            var weight = weightsOf(row % plan.Patches, visible);
            var sum = visible.Sum(weight);
            foreach (var other in visible)
            {
                all[(row * plan.Patches) + other] = weight(other) / sum;
            }
        }

        return all;
    }
}
