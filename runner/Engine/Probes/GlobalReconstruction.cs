using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// Q5b, neighbours alone or the whole image: loss(r) of removed patches when only the visible patches within Chebyshev distance r of each
/// are given, over loss(all); falling past r = 1 where distant patches help. And the global gain 1 - loss / loss of inverse-distance
/// interpolation, beside nearest-patch copy and mean colour, under the same masks. Losses are the recipe's own: guesses are
/// made of the visible patches' targets. Inspired by Cao, Xu, Clifton 2022.
/// </summary>
internal static class GlobalReconstruction
{
    private const int BaselineImages = 64;
    private const int TargetsAnImage = 4;

    /// <summary>Rings drawn one by one; then comes all of the image.</summary>
    private const int MostRadii = 6;

    public static IEnumerable<ProbeResult> Run(Subject subject, Interruption interruption)
    {
        var (losses, images) = Baselines(subject, subject.Choose(BaselineImages));
        yield return Readout.Result(SeriesNames.GlobalGain, 1 - losses.Model.Over(losses.InverseDistance), new BaselineDetails(losses, images));

        var targets = Targets(subject);
        var widest = subject.Shape.Grid - 1;
        var curve = Enumerable.Range(1, Math.Min(MostRadii, widest)).Append(widest).Distinct().Select(radius =>
        {
            interruption.Check();
            return new RadiusPoint(radius, LossWithin(subject, targets, radius).Short());
        }).ToList();
        yield return Readout.Result(SeriesNames.NeighbourLossRatio, curve[0].Loss.Over(curve[^1].Loss), new RadiusDetails(curve, targets.Count));
    }

    private static (ReconstructionLosses Losses, int Images) Baselines(Subject subject, int[] images)
    {
        using var scope = NewDisposeScope();
        var (mask, input) = (subject.GalleryMask(images), subject.Images(images));
        var (plan, shape, recipe) = (mask.Plan, subject.Shape, subject.Recipe);
        var target = subject.Target(input);
        var prediction = subject.Predict(input, mask);

        // Coefficients of a mean are the mean's coefficients, so that patches can be guessed as patches.
        var patches = recipe.Target == ReconstructionTarget.Pca ? Patches.ForTarget(input, shape) : target;
        var distances = PatchGrid.Distances(shape.Grid);
        var mean = Guess(PatchInterpolation.Mean(plan));
        var color = mean.view(images.Length, plan.Patches, -1, shape.Channels).mean([2], keepdim: true).expand(-1, -1, shape.PatchSize * shape.PatchSize, -1).flatten(2, 3);
        return (new(
            Losses.Reconstruction(prediction, target, mask).Values()[0],
            Loss(Guess(PatchInterpolation.InverseDistance(plan, distances))),
            Loss(Guess(PatchInterpolation.Nearest(plan, distances))),
            Loss(color)), images.Length);

        Tensor Guess(double[] weights) => tensor(weights, [plan.Images, plan.Patches, plan.Patches], ScalarType.Float32, subject.Device).matmul(patches);

        double Loss(Tensor guess) => Losses.Reconstruction(
            recipe.Target == ReconstructionTarget.Pca ? PatchPca.Coefficients(subject.Weights, guess) : guess, target, mask).Values()[0];
    }

    /// <summary>Removed patches with a visible neighbour, those removed last, with the visible patches of their image.</summary>
    private static List<(int Image, int Patch, int[] Visible)> Targets(Subject subject)
    {
        var images = subject.Choose(subject.Traced);
        var plan = Gallery.Masks(subject.Recipe, images);
        var rings = PatchGrid.Rings(subject.Shape.Grid);
        return [.. images.SelectMany((image, n) =>
        {
            var order = plan.Order[(n * plan.Patches)..][..plan.Patches];
            var visible = order[..plan.Visible];
            return order[plan.Visible..].Reverse().Where(patch => visible.Any(other => rings[(patch * plan.Patches) + other] == 1))
                .Take(TargetsAnImage).Select(patch => (image, patch, visible));
        })];
    }

    /// <summary>Mean loss of the targets, each reconstructed from what is visible within the radius.</summary>
    private static double LossWithin(Subject subject, List<(int Image, int Patch, int[] Visible)> targets, int radius)
    {
        var rings = PatchGrid.Rings(subject.Shape.Grid);
        var patches = subject.Shape.Patches;

        // A batch has one number of visible patches.
        return targets.Select(target => (target.Image, target.Patch, Kept: target.Visible.Where(other => rings[(target.Patch * patches) + other] <= radius).ToArray()))
            .GroupBy(target => target.Kept.Length)
            .Sum(group =>
            {
                using var scope = NewDisposeScope();
                var input = subject.Images([.. group.Select(target => target.Image)]);
                int[] order = [.. group.SelectMany(target => target.Kept.Concat(Enumerable.Range(0, patches).Except(target.Kept)))];
                var mask = Mask.Of(new(group.Count(), patches, group.Key, order), subject.Device);
                var prediction = subject.Predict(input, mask);
                var rows = tensor(group.Select((target, n) => ((long)n * patches) + target.Patch).ToArray(), device: subject.Device);
                return (prediction - subject.Target(input)).flatten(0, 1).index_select(0, rows).Squared().mean([1L]).sum().Values()[0];
            }) / targets.Count;
    }
}
