using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Engine.Tests.Data;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

/// <summary>Runs on a folder of photographs of one's own.</summary>
public sealed class PictureTrainingTests : IDisposable
{
    private static readonly Recipe s_recipe = Jobs.Small with
    {
        Dataset = new("pictures"),
        ImageSize = 32,
        PatchSize = 8,
        BatchSize = 8,
        Augmentation = Augmentation.RandomCrop,
        Evaluation = new(LinearProbe: true, Reconstructions: 2, EveryEpochs: 0),
    };

    private readonly PictureFolder _folder = new();

    public PictureTrainingTests()
    {
        for (var number = 0; number < 24; number++)
        {
            _folder.Add($"{(number < 18 ? "train" : "val")}/c{number % 2}/{number}.jpg", 40 + number, 60 - number, number);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_ends_in_the_same_weights_from_a_cache_and_without()
    {
        RecordingSink streamed = new(), cached = new(), again = new();

        var first = Run(streamed, null);
        var second = Run(cached, new ImageCache(_folder.CacheFolder, 1 << 30));
        var third = Run(again, new ImageCache(_folder.CacheFolder, 1 << 30));

        Assert.NotNull(first.WeightsSha256);
        Assert.Equal((first, first), (second, third));
        Assert.Contains(cached.Lines, line => line.Text.StartsWith("Decoding 18 images once", StringComparison.Ordinal));
        Assert.DoesNotContain(again.Lines, line => line.Text.StartsWith("Decoding", StringComparison.Ordinal));
        Assert.Equal(streamed.Evaluations.SelectMany(result => result.Probes), cached.Evaluations.SelectMany(result => result.Probes));
        Assert.Contains("\"classNames\":[\"c0\",\"c1\"]", cached.Evaluations[0].Probes[0].Details, StringComparison.Ordinal);
        // Four pictures of each of two images.
        Assert.Equal(8, Assert.Single(cached.Evaluations).Images.Count);
    }

    [Fact]
    public void Run_on_a_folder_without_a_probe_part_draws_nothing()
    {
        Directory.Delete(Path.Combine(_folder.Root, "val"), recursive: true);
        var sink = new RecordingSink();

        Assert.True(Run(sink, null, s_recipe with { Evaluation = new(LinearProbe: false, Reconstructions: 2, EveryEpochs: 1) }).Completed);
        Assert.Empty(sink.Evaluations);
    }

    [Fact]
    public void Damaged_image_fails_the_run_by_name()
    {
        var path = _folder.AddFile("train/c0/damaged.webp", [1, 2, 3]);

        var failure = Assert.Throws<TrainingFailedException>(() => Run(new RecordingSink(), null, s_recipe with { BatchSize = 19 }));

        Assert.Equal(ReasonCode.BadData, failure.Reason);
        Assert.StartsWith(path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recipe_is_checked_against_the_folder()
    {
        var failure = Assert.Throws<TrainingFailedException>(() => Run(new RecordingSink(), null, s_recipe with { Dataset = new("pictures", 19) }));

        Assert.Contains("Image limit 19 is more than the 18 training images of pictures.", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>As many images, and of the same names: a folder that was changed while the run was paused, or another machine's of that name.</summary>
    [Theory]
    [InlineData("train/c0/4.jpg")]
    [InlineData("val/c1/19.jpg")]
    public void Run_goes_on_on_the_same_images_only(string changed)
    {
        var first = new RecordingSink { StopAtStep = 2 };
        Run(first, null);
        var saved = first.Checkpoints[^1].Content;
        var copied = new RecordingSink();
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Root, changed), DateTime.UnixEpoch);
        Assert.True(Run(copied, new ImageCache(_folder.CacheFolder, 1 << 30), checkpoint: saved).Completed);

        _folder.Add(changed, 41, 41, seed: 99);

        var failure = Assert.Throws<TrainingFailedException>(() => Run(new RecordingSink(), null, checkpoint: saved));
        Assert.Equal(ReasonCode.BadData, failure.Reason);
        Assert.Contains("It was trained on other images than those that are called pictures here now", failure.Message, StringComparison.Ordinal);
    }

    private TrainingOutcome Run(ITrainingSink sink, ImageCache? cache, Recipe? recipe = null, byte[]? checkpoint = null) =>
        Trainer.Run(new(recipe ?? s_recipe, checkpoint is null ? null : () => new MemoryStream(checkpoint), _folder.Folders, Threads: 1, cache), sink, TestContext.Current.CancellationToken);
}
