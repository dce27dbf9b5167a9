using System.Text.Json;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;
using MaeLab.Engine.Tests.Training;

namespace MaeLab.Engine.Tests.Probes;

public sealed class GlobalReconstructionTests : SubjectTest
{
    /// <summary>A decoder that predicts 0 whatever it is given.</summary>
    private static float[]? PredictsNothing(ParameterSpec parameter) => parameter.Name == "decoder_pred.weight" ? new float[parameter.Count] : null;

    [Theory]
    [InlineData(ReconstructionTarget.Pixels)]
    [InlineData(ReconstructionTarget.NormalizedPixels)]
    public void Baselines_are_those_of_double_precision(ReconstructionTarget target)
    {
        var subject = New(Jobs.Small with { Target = target }, PredictsNothing);
        var losses = Details(subject, SeriesNames.GlobalGain).GetProperty("losses");
        var images = subject.Choose(64);
        var plan = subject.GalleryMask(images).Plan;
        var patches = Losses.Target(subject.Weights, subject.Images(images), subject.Shape, target).flatten(0, 1).Values().Chunk(16).ToArray();

        Assert.Equal(Loss((_, _) => new double[16]), losses.GetProperty("model").GetDouble(), 1e-4);
        Assert.Equal(Loss((_, visible) => [.. Enumerable.Repeat(visible.Average(other => other.Values.Average()), 16)]), losses.GetProperty("meanColor").GetDouble(), 1e-4);
        Assert.Equal(
            Loss((patch, visible) => visible.OrderBy(other => Distance(patch, other.Patch)).ThenBy(other => other.Patch).First().Values),
            losses.GetProperty("nearest").GetDouble(), 1e-4);
        Assert.Equal(
            Loss((patch, visible) => [.. Enumerable.Range(0, 16).Select(n =>
                visible.Sum(other => other.Values[n] / Distance(patch, other.Patch)) / visible.Sum(other => 1 / Distance(patch, other.Patch)))]),
            losses.GetProperty("inverseDistance").GetDouble(), 1e-4);

        // Squared, in patches.
        static double Distance(int from, int to) => Math.Pow((from / 7) - (to / 7), 2) + Math.Pow((from % 7) - (to % 7), 2);

        double Loss(Func<int, List<(int Patch, double[] Values)>, double[]> guess) => Enumerable.Range(0, images.Length).Average(image =>
        {
            var order = plan.Order[(image * 49)..][..49];
            var visible = order[..plan.Visible].Select(patch => (patch, patches[(image * 49) + patch])).ToList();
            return order[plan.Visible..].Average(patch => guess(patch, visible).Zip(patches[(image * 49) + patch], (a, b) => (a - b) * (a - b)).Average());
        });
    }

    /// <summary>PCA with all components is the pixels turned and scaled: every loss is theirs times one number.</summary>
    [Fact]
    public void Gain_over_baselines_is_the_same_in_coefficients()
    {
        JsonElement pixels = Losses(ReconstructionTarget.Pixels), coefficients = Losses(ReconstructionTarget.Pca);
        var scale = pixels.GetProperty("nearest").GetDouble() / coefficients.GetProperty("nearest").GetDouble();
        Assert.Equal(pixels.GetProperty("inverseDistance").GetDouble(), scale * coefficients.GetProperty("inverseDistance").GetDouble(), 1e-4);
        Assert.Equal(pixels.GetProperty("meanColor").GetDouble(), scale * coefficients.GetProperty("meanColor").GetDouble(), 1e-4);

        static JsonElement Losses(ReconstructionTarget target) =>
            Details(New(Jobs.Small with { Target = target }, PredictsNothing), SeriesNames.GlobalGain).GetProperty("losses");
    }

    [Fact]
    public void Model_that_does_not_look_needs_no_more_than_the_neighbours() => Assert.Equal(
        1, GlobalReconstruction.Run(New(values: PredictsNothing), Free).Single(result => result.Probe == SeriesNames.NeighbourLossRatio).Value, 1e-6);

    /// <summary>The widest circle takes in all that is visible: the loss is that of an ordinary pass.</summary>
    [Fact]
    public void Loss_within_the_widest_circle_is_the_whole_images()
    {
        var subject = New();
        var details = Details(subject, SeriesNames.NeighbourLossRatio);
        var images = subject.Choose(subject.Traced);
        var (mask, input) = (subject.GalleryMask(images), subject.Images(images));
        var error = (subject.Predict(input, mask) - subject.Target(input))
            .flatten(0, 1).Values().Chunk(16).Select(patch => patch.Average(value => value * value)).ToArray();
        List<double> expected = [];
        for (var image = 0; image < images.Length; image++)
        {
            var order = mask.Plan.Order[(image * 49)..][..49];
            expected.AddRange(order[mask.Plan.Visible..].Reverse()
                .Where(patch => order[..mask.Plan.Visible].Any(other => Math.Abs((patch / 7) - (other / 7)) <= 1 && Math.Abs((patch % 7) - (other % 7)) <= 1))
                .Take(4).Select(patch => error[(image * 49) + patch]));
        }

        var curve = details.GetProperty("curve").EnumerateArray().ToList();
        Assert.Equal((6, expected.Count), (curve[^1].GetProperty("radius").GetInt32(), details.GetProperty("targets").GetInt32()));
        Assert.Equal(expected.Average(), curve[^1].GetProperty("loss").GetDouble(), 1e-4 * expected.Average());
    }

    private static JsonElement Details(Subject subject, string series) =>
        JsonDocument.Parse(GlobalReconstruction.Run(subject, Free).Single(result => result.Probe == series).Details).RootElement;
}
