using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// Q5c, how far a visible patch is felt: I_ij = mean square of pred_i(x) - pred_i(x with the visible patch j replaced by its mean colour) for the
/// removed patches i, and the length xi of its decay with distance, see <see cref="InfluenceDecay"/>. The occlusion form of the Jacobian
/// decay in Bisulco, Ramesh, Balestriero, Chaudhari 2025 (arXiv 2508.15404), expected to grow with mask ratio and patch size.
/// </summary>
internal static class InfluenceLength
{
    /// <summary>Visible patches occluded in an image, one at a time.</summary>
    private const int Occlusions = 24;

    /// <summary>Removed patches whose influences are shown, each of another image.</summary>
    private const int ShownMaps = 4;

    public static IEnumerable<ProbeResult> Run(Subject subject, Interruption interruption)
    {
        var shape = subject.Shape;
        var distances = PatchGrid.Distances(shape.Grid);
        var pairs = new List<(double Distance, double Influence)>();
        var maps = new List<InfluenceMap>();
        foreach (var image in subject.Choose(subject.Traced))
        {
            interruption.Check();
            using var scope = NewDisposeScope();
            var plan = Gallery.Masks(subject.Recipe, [image]);
            int[] occluded = [.. plan.Order.Take(Math.Min(Occlusions, plan.Visible))], removed = plan.Order[plan.Visible..];
            var influence = Influence(subject, image, plan, occluded);
            pairs.AddRange(removed.SelectMany(patch => On(patch).Select((value, n) => (distances[(patch * shape.Patches) + occluded[n]], value))));
            if (maps.Count < ShownMaps)
            {
                maps.Add(new(maps.Count, removed[^1], shape.Patches, occluded, On(removed[^1]).Short()));
            }

            IEnumerable<double> On(int patch) => influence.Skip(patch).Where((_, n) => n % shape.Patches == 0);
        }

        var curve = InfluenceDecay.Of(pairs, shape.PatchSize);
        yield return Readout.Result(SeriesNames.InfluenceLength, curve.LengthWithin(shape.ImageSize), new InfluenceDetails(curve, maps));
    }

    /// <returns>[occluded, L]</returns>
    private static double[] Influence(Subject subject, int image, MaskPlan plan, int[] occluded)
    {
        var (shape, count) = (subject.Shape, occluded.Length);
        var patches = Patches.ForTarget(subject.Images([image]), shape).expand(count + 1, -1, -1).clone();
        for (var n = 0; n < count; n++)
        {
            var patch = patches[n + 1, occluded[n]].view(-1, shape.Channels);
            patch.copy_(patch.mean([0], keepdim: true).expand_as(patch));
        }

        var input = Patches.ToImages(patches, shape);
        var mask = Mask.Of(new(count + 1, plan.Patches, plan.Visible, [.. Enumerable.Repeat(plan.Order, count + 1).SelectMany(order => order)]), subject.Device);
        var prediction = subject.Predict(input, mask);
        return (prediction.narrow(0, 1, count) - prediction.narrow(0, 0, 1)).Squared().mean([-1L]).Values();
    }
}
