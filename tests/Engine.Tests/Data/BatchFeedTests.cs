using CsCheck;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Tests.Training;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Data;

public sealed class BatchFeedTests : IDisposable
{
    private readonly PictureFolder _folder = new();

    public BatchFeedTests()
    {
        for (var number = 0; number < 23; number++)
        {
            _folder.Add($"train/c{number % 3}/{number:D2}.jpg", 30 + number, 50 - number, number);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Feed_of_a_set_has_each_of_its_images_once_in_order_as_they_are()
    {
        using var dataset = new DatasetLocator(new Dictionary<string, string>()).Open(Datasets.FashionMnistSample.Name, 10);
        var loader = new ImageLoader(dataset, 12);
        using var feed = loader.Feed(dataset.Train, batchSize: 4);
        var batches = Enumerable.Range(0, 3).Select(_ => feed.Next(TestContext.Current.CancellationToken)).ToList();

        Assert.Equal([4, 4, 2], batches.Select(batch => batch.Plan));
        var expected = new float[10 * loader.ImageValues];
        for (var image = 0; image < 10; image++)
        {
            loader.Plain(dataset.Train, image, expected.AsSpan(image * loader.ImageValues, loader.ImageValues));
        }

        Assert.Equal(expected, batches.SelectMany(batch => batch.Pixels));
        Assert.Throws<InvalidOperationException>(() => feed.Next(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Batches_do_not_depend_on_the_number_of_workers()
    {
        using var dataset = _folder.Open();
        Gen.Select(Gen.Int[2, 7], Gen.Int[0, 12], Gen.Enum<Augmentation>(), Gen.Int[1, 23]).Sample(
            (workers, first, augmentation, batchSize) =>
            {
                var recipe = Recipe(batchSize) with { Augmentation = augmentation };
                var perEpoch = dataset.Train.Count / batchSize;
                var begin = Math.Min(first, (recipe.Epochs * perEpoch) - 1);
                Assert.Equal(All(recipe, dataset, begin, perEpoch, workers: 1), All(recipe, dataset, begin, perEpoch, workers));
            },
            iter: 25);
    }

    [Fact]
    public void Memory_given_back_is_used_again_and_changes_nothing()
    {
        using var dataset = _folder.Open();
        var recipe = Recipe(batchSize: 5);
        var token = TestContext.Current.CancellationToken;
        using BatchFeed<MaskPlan> kept = Feed(recipe, dataset, workers: 3), returned = Feed(recipe, dataset, workers: 3);
        var buffers = new HashSet<float[]>(ReferenceEqualityComparer.Instance);
        for (var batch = 0; batch < 8; batch++)
        {
            Batch<MaskPlan> expected = kept.Next(token), actual = returned.Next(token);
            Assert.Equal(expected.Pixels, actual.Pixels);
            buffers.Add(actual.Pixels);
            returned.Return(actual);
        }

        // Three ahead and the one that is looked at.
        Assert.InRange(buffers.Count, 1, 4);
    }

    [Fact]
    public void Image_that_cannot_be_decoded_fails_its_own_batch_and_none_before()
    {
        using var dataset = _folder.Open();
        var order = EpochOrder.Of(0, epoch: 0, dataset.Train.Count);
        // Listed c0/00, c1/01, c2/02, c0/03 and so on: by the number.
        var broken = order[12];
        File.WriteAllBytes(Path.Combine(_folder.Root, $"train/c{broken % 3}/{broken:D2}.jpg"), [0xFF, 0xD8, 0xFF]);
        using var feed = Feed(Recipe(batchSize: 5) with { Seed = 0 }, dataset, workers: 3);
        var token = TestContext.Current.CancellationToken;

        feed.Next(token);
        feed.Next(token);
        var failure = Assert.Throws<TrainingFailedException>(() => feed.Next(token));

        Assert.Contains($"{broken:D2}.jpg", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_of_a_step_share_its_images_and_the_last_has_what_is_left()
    {
        using var dataset = _folder.Open();
        var order = new BatchOrder(Seed: 5, dataset.Train.Count, Epochs: 2, StepsPerEpoch: 2, StepSize: 10, BatchSize: 4);
        using var feed = new BatchFeed<int[]>(order, imageValues: 2, () => (image, epoch, result) => (result[0], result[1]) = (image, epoch), (_, images) => [.. images]);
        for (var step = 0; step < 4; step++)
        {
            int epoch = step / 2, from = step % 2 * 10;
            var images = EpochOrder.Of(5, epoch, dataset.Train.Count)[from..(from + 10)];
            foreach (var part in images.Chunk(4))
            {
                var batch = feed.Next(TestContext.Current.CancellationToken);
                Assert.Equal(part, batch.Plan);
                Assert.Equal(part.SelectMany(image => new float[] { image, epoch }), batch.Pixels);
                feed.Return(batch);
            }
        }

        Assert.Throws<InvalidOperationException>(() => feed.Next(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Next_gives_up_when_told_to()
    {
        using var dataset = _folder.Open();
        // Without workers no batch ever comes.
        using var feed = Feed(Recipe(batchSize: 5), dataset, workers: 0);
        using var cancel = new CancellationTokenSource();
        var waiting = Task.Run(() => feed.Next(cancel.Token), CancellationToken.None);

        cancel.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => waiting.GetAwaiter().GetResult());
    }

    [Fact]
    public void Dispose_ends_workers_that_wait_for_room()
    {
        using var dataset = _folder.Open();
        var feed = Feed(Recipe(batchSize: 5), dataset, workers: 4);
        feed.Next(TestContext.Current.CancellationToken);

        // It joins the threads: it would never come back if one of them stayed.
        feed.Dispose();
    }

    private static BatchFeed<MaskPlan> Feed(Recipe recipe, Dataset dataset, int workers) =>
        PretrainingFeed.Start(recipe, dataset, firstBatch: 0, batchesPerEpoch: 4, workers);

    private static Recipe Recipe(int batchSize) => Jobs.Small with
    {
        Dataset = new("pictures"),
        BatchSize = batchSize,
        Epochs = 2,
        ImageSize = 16,
        Augmentation = Augmentation.RandomCrop,
    };

    private static List<float> All(Recipe recipe, Dataset dataset, long first, long perEpoch, int workers)
    {
        using var feed = PretrainingFeed.Start(recipe, dataset, first, perEpoch, workers);
        var all = new List<float>();
        for (var batch = first; batch < recipe.Epochs * perEpoch; batch++)
        {
            var next = feed.Next(TestContext.Current.CancellationToken);
            all.AddRange(next.Pixels);
            all.AddRange(next.Plan.Order.Select(patch => (float)patch));
            feed.Return(next);
        }

        return all;
    }
}
