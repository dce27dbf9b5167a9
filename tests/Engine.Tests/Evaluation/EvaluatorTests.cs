using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Native;
using MaeLab.Engine.Tests.Training;
using SkiaSharp;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Evaluation;

public sealed class EvaluatorTests
{
    private static readonly Recipe s_drawing = Jobs.Small with { Epochs = 2, Evaluation = EvaluationPlan.None with { Reconstructions = 12, EveryEpochs = 1 } };

    [Fact]
    public void Run_probes_far_above_chance()
    {
        var sink = new RecordingSink();
        Jobs.Run(Jobs.Small with { Dataset = new("fashion-mnist-sample", 2_000), BatchSize = 100, BaseLearningRate = 4e-3, Evaluation = EvaluationPlan.None with { LinearProbe = true, Knn = 20 } }, sink);

        var probes = Assert.Single(sink.Evaluations).Probes;
        Assert.Equal([SeriesNames.LinearAccuracy, SeriesNames.KnnAccuracy], probes.Select(probe => probe.Probe));
        Assert.All(probes, probe =>
        {
            Assert.True(probe.Value > 0.6, $"{probe.Probe} {probe.Value}; chance is 0.1");
            Assert.Equal([probe.Value], sink.Values(probe.Probe));
            var details = JsonSerializer.Deserialize<ClassificationDetails>(probe.Details, JsonDefaults.Options)!;
            Assert.Equal(10, details.PerClass.Count);
            Assert.Equal(probe.Value, details.PerClass.Average(accuracy => accuracy!.Value), 0.02);
            Assert.Equal(probe.Value, Enumerable.Range(0, 10).Sum(label => details.Confusion![label][label]) / 2_000.0);
            Assert.Equal((2_000, 2_000, "Sandal"), (details.TrainImages, details.ProbeImages, details.ClassNames![5]));
        });
    }

    [Fact]
    public void Run_evaluates_every_so_many_epochs_and_at_the_end()
    {
        var sink = new RecordingSink();
        Jobs.Run(s_drawing with { Epochs = 5, Evaluation = s_drawing.Evaluation with { EveryEpochs = 2 } }, sink);
        Assert.Equal([20L, 40L, 50L], sink.Evaluations.Select(evaluation => evaluation.Step));
    }

    [Fact]
    public void Run_draws_every_gallery_image_in_four_ways()
    {
        var evaluations = Draw(s_drawing);
        var evaluation = evaluations[0];

        Assert.Equal(
            from kind in new[] { "original", "masked", "reconstruction", "visible_pasted" } from image in Enumerable.Range(0, 12) select (kind, image),
            evaluation.Images.Select(image => (image.Kind, image.GalleryIndex)));
        Assert.All(evaluation.Images, image => Assert.Equal((28, 28, SKColorType.Gray8), Size(image)));
        // What does not change is not stored again.
        Assert.Equal(
            from kind in new[] { "reconstruction", "visible_pasted" } from image in Enumerable.Range(0, 12) select (kind, image),
            evaluations[1].Images.Select(image => (image.Kind, image.GalleryIndex)));

        static (int, int, SKColorType) Size(GalleryImage image)
        {
            using var bitmap = SKBitmap.Decode(image.Png);
            return (bitmap.Width, bitmap.Height, bitmap.ColorType);
        }
    }

    [Fact]
    public void Run_shows_the_true_pixels_where_they_are_visible_and_the_predicted_ones_elsewhere()
    {
        var images = Draw(s_drawing)[0].Images;
        byte[] original = Pixels(images, "original", 3), masked = Pixels(images, "masked", 3);
        byte[] reconstruction = Pixels(images, "reconstruction", 3), pasted = Pixels(images, "visible_pasted", 3);
        var removed = Enumerable.Range(0, original.Length).Where(pixel => masked[pixel] != original[pixel]).ToList();

        Assert.All(removed, pixel => Assert.Equal(128, masked[pixel]));
        Assert.True(removed.Count > original.Length / 2);
        for (var pixel = 0; pixel < original.Length; pixel++)
        {
            Assert.Contains(pasted[pixel], new[] { original[pixel], reconstruction[pixel] });
        }
    }

    [Fact]
    public void Run_draws_the_same_originals_and_nested_masks_in_every_run_of_a_data_set()
    {
        IReadOnlyList<GalleryImage> many = Draw(s_drawing with { MaskRatio = 0.5, Seed = 9 })[0].Images, few = Draw(s_drawing with { MaskRatio = 0.9 })[0].Images;
        for (var image = 0; image < 12; image++)
        {
            var original = Pixels(many, "original", image);
            Assert.Equal(original, Pixels(few, "original", image));
            byte[] seen = Pixels(many, "masked", image), glimpsed = Pixels(few, "masked", image);
            for (var pixel = 0; pixel < original.Length; pixel++)
            {
                Assert.True(glimpsed[pixel] == 128 || seen[pixel] == original[pixel], $"Image {image}: pixel {pixel} is visible at 90 % but not at 50 %.");
            }
        }
    }

    [Theory]
    [InlineData(ReconstructionTarget.Pixels)]
    [InlineData(ReconstructionTarget.Pca)]
    public void Run_lowers_the_reconstruction_error(ReconstructionTarget target)
    {
        var errors = Draw(Jobs.Small with { Epochs = 6, BaseLearningRate = 8e-3, Target = target, Evaluation = EvaluationPlan.None with { Reconstructions = 1, EveryEpochs = 1 } })
            .Select(evaluation => evaluation.Probes.ToDictionary(probe => probe.Probe, probe => probe.Value)).ToList();
        Assert.All([SeriesNames.ReconstructionError, SeriesNames.SharedPixelError], series =>
            Assert.True(errors[^1][series] < 0.8 * errors[0][series], string.Join(' ', errors.Select(probes => probes[series]))));
        Assert.True(errors[^1][SeriesNames.SharedSkill] > errors[0][SeriesNames.SharedSkill]);
    }

    [Fact]
    public void Fit_separates_what_a_line_can_separate()
    {
        NativeThreads.Prepare();
        using var scope = NewDisposeScope();
        // Two of eight features decide, of very different size.
        var random = CounterRandom.Of(1, RandomPurpose.Crop);
        double[] sizes = [1, 1, 1e-3, 100, 1, 1, 1, 1];
        float[] values = [.. Enumerable.Range(0, 500 * 8).Select(n => (float)(random.Normal(n) * sizes[n % 8]))];
        long[] labels = [.. values.Chunk(8).Select(row => (row[2] * 1000) + (row[3] / 100) > 0 ? 1L : 0L)];
        var features = tensor(values, [500, 8]);
        var probe = new LinearProbe(features, tensor(labels), classes: 2);

        var wrong = probe.Predict(features).Zip(labels).Count(pair => pair.First != pair.Second);
        Assert.InRange(wrong, 0, 5);
    }

    private static List<EvaluationResult> Draw(Recipe recipe)
    {
        var sink = new RecordingSink();
        Jobs.Run(recipe, sink);
        return sink.Evaluations;
    }

    private static byte[] Pixels(IReadOnlyList<GalleryImage> images, string kind, int index)
    {
        using var bitmap = SKBitmap.Decode(images.Single(image => image.Kind == kind && image.GalleryIndex == index).Png);
        return bitmap.Bytes;
    }
}
