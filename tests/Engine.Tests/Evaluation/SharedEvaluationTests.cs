using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using MaeLab.Engine.Tests.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Evaluation;

/// <summary>
/// On tiled images: every patch of one has the same relief, above a level that differs from image to image. So a decoder whose last
/// layer has nothing but its bias can be made to predict known values.
/// </summary>
public sealed class SharedEvaluationTests
{
    private const int Size = 16;
    private const int Patch = 4;
    private const float Mean = 0.4f;
    private const float Deviation = 0.25f;

    private static readonly Recipe s_recipe = Jobs.Small with { ImageSize = Size, PatchSize = Patch, Evaluation = new(LinearProbe: false, Reconstructions: 3, EveryEpochs: 0) { Theory = TheoryProbes.Off } };

    /// <summary>Bytes of a tile.</summary>
    private static readonly int[] s_relief = [.. Enumerable.Range(0, Patch * Patch).Select(n => 10 * CounterRandom.Of(3, RandomPurpose.Crop).Below(n, 12))];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(51, 0.04)]
    public void Error_is_what_the_prediction_is_off_by(int off, double error)
    {
        var probes = Evaluate(s_recipe with { Target = ReconstructionTarget.Pixels }, Tiles(level: _ => 60), [.. s_relief.Select(value => Normalized(60 + value + off))]);

        Assert.Equal(error, Value(probes, SeriesNames.SharedPixelError), 1e-6);
        Assert.Equal(error, Value(probes, SeriesNames.ReconstructionError), 1e-6);
        var details = JsonDocument.Parse(probes.Single(probe => probe.Probe == SeriesNames.SharedSkill).Details).RootElement;
        Assert.Equal((32, 0.75), (details.GetProperty("images").GetInt32(), details.GetProperty("maskRatio").GetDouble()));
        var baseline = details.GetProperty("interpolationError").GetDouble();
        Assert.InRange(baseline, 1e-3, 0.1);
        Assert.Equal(1 - (error / baseline), Value(probes, SeriesNames.SharedSkill), 1e-4);
    }

    [Fact]
    public void Level_of_a_removed_patch_comes_from_the_visible_ones()
    {
        // All patches of an image have its level, so the visible ones tell it; normalised pixels know the relief alone.
        var probes = Evaluate(s_recipe with { Target = ReconstructionTarget.NormalizedPixels }, Tiles(level: image => 2 * image), NormalizedRelief());
        Assert.Equal(0, Value(probes, SeriesNames.SharedPixelError), 1e-6);

        // Here the level of the patches rises from left to right, so what is told from the visible ones is off; the true patch's is not.
        var slope = Evaluate(s_recipe with { Target = ReconstructionTarget.NormalizedPixels }, Tiles(level: _ => 0, slope: 40), NormalizedRelief());
        Assert.Equal(0, Value(slope, SeriesNames.ReconstructionError), 1e-6);
        Assert.InRange(Value(slope, SeriesNames.SharedPixelError), 1e-3, 1);
    }

    [Fact]
    public void Images_of_one_colour_have_no_skill()
    {
        var probes = Evaluate(s_recipe with { Target = ReconstructionTarget.Pixels }, Dataset(_ => 102), [.. s_relief.Select(_ => Normalized(102))]);

        Assert.Equal([SeriesNames.ReconstructionError, SeriesNames.SharedPixelError], probes.Select(probe => probe.Probe));
    }

    [Theory]
    [InlineData(ReconstructionTarget.Pixels)]
    [InlineData(ReconstructionTarget.NormalizedPixels)]
    public void Task_is_the_same_whatever_masks_a_run_was_trained_with(ReconstructionTarget target)
    {
        var recipe = s_recipe with { Target = target };
        var one = Evaluate(recipe with { MaskRatio = 0.5 }, Tiles(level: image => 2 * image));
        var other = Evaluate(recipe with { MaskRatio = 0.9, MaskSampler = MaskSampler.Block }, Tiles(level: image => 2 * image));

        Assert.NotEqual(Value(one, SeriesNames.ReconstructionError), Value(other, SeriesNames.ReconstructionError));
        Assert.Equal(one.Skip(1), other.Skip(1));
    }

    [Fact]
    public void Errors_of_the_gallery_are_those_of_its_patches()
    {
        var probes = Evaluate(s_recipe with { Target = ReconstructionTarget.Pixels }, Tiles(level: image => image), [.. s_relief.Select(value => Normalized(value))]);
        var gallery = JsonSerializer.Deserialize<ReconstructionDetails>(probes[0].Details, JsonDefaults.Options)!.Gallery!;

        Assert.Equal((Patch, Size / Patch, 3), (gallery.PatchSize, gallery.Grid, gallery.Images.Count));
        for (var image = 0; image < gallery.Images.Count; image++)
        {
            // One of each class: images 0, 1 and 2. The image is its number brighter than the prediction, everywhere.
            var (errors, visible) = (gallery.Images[image].Errors, gallery.Images[image].Visible);
            Assert.Equal(Enumerable.Repeat((double?)Math.Round(image * image / 255.0 / 255.0, 6), 16), errors);
            Assert.Equal(s_recipe.VisiblePatches(), visible.Count);
            Assert.Equal(visible.Distinct().Order(), visible);
        }
    }

    private static double Value(IReadOnlyList<ProbeResult> probes, string series) => probes.Single(probe => probe.Probe == series).Value;

    private static float Normalized(int pixel) => ((pixel / 255f) - Mean) / Deviation;

    private static float[] NormalizedRelief()
    {
        float[] values = [.. s_relief.Select(Normalized)];
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        return [.. values.Select(value => (float)((value - mean) / Math.Sqrt(variance + 1e-6)))];
    }

    /// <param name="slope">By how much a patch is brighter than its neighbour on the left.</param>
    private static Dataset Tiles(Func<int, int> level, int slope = 0) => Dataset(place =>
    {
        var (image, row, column) = (place / (Size * Size), place / Size % Size, place % Size);
        return level(image) + (column / Patch * slope) + s_relief[(row % Patch * Patch) + (column % Patch)];
    });

    private static Dataset Dataset(Func<int, int> pixelAt)
    {
        const int count = 32;
        var images = new MemoryImages(
            1, Size, Enumerable.Range(0, count * Size * Size).Select(place => (byte)pixelAt(place)).ToArray(), Enumerable.Range(0, count).Select(image => image % 4).ToArray());
        return new("tiles", 4, images, images, [Mean], [Deviation]);
    }

    /// <param name="prediction">What the model predicts for every patch; null: whatever its random weights do.</param>
    private static IReadOnlyList<ProbeResult> Evaluate(Recipe recipe, Dataset dataset, float[]? prediction = null)
    {
        NativeThreads.Prepare();
        using var scope = NewDisposeScope();
        var shape = MaeShape.Of(recipe, channels: 1);
        using var parameters = new ParameterStore(MaeParameters.Of(shape), CPU, parameter => (parameter.Name, prediction) switch
        {
            ($"{MaeParameters.DecoderPrediction}.weight", not null) => new float[parameter.Count],
            ($"{MaeParameters.DecoderPrediction}.bias", { } bias) => bias,
            _ => Initialization.Values(parameter, shape, recipe.Seed),
        });
        var sink = new RecordingSink();
        new Evaluator(recipe, dataset, parameters, sink).Evaluate(step: 10, TestContext.Current.CancellationToken);
        return Assert.Single(sink.Evaluations).Probes;
    }
}
