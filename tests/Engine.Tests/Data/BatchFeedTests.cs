using CsCheck;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
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
        using BatchFeed kept = new(recipe, dataset, 0, 4, workers: 3), returned = new(recipe, dataset, 0, 4, workers: 3);
        var buffers = new HashSet<float[]>(ReferenceEqualityComparer.Instance);
        for (var batch = 0; batch < 8; batch++)
        {
            Batch expected = kept.Next(token), actual = returned.Next(token);
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
        using var feed = new BatchFeed(Recipe(batchSize: 5) with { Seed = 0 }, dataset, 0, 4, workers: 3);
        var token = TestContext.Current.CancellationToken;

        feed.Next(token);
        feed.Next(token);
        var failure = Assert.Throws<TrainingFailedException>(() => feed.Next(token));

        Assert.Contains($"{broken:D2}.jpg", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_gives_up_when_told_to()
    {
        using var dataset = _folder.Open();
        // Without workers no batch ever comes.
        using var feed = new BatchFeed(Recipe(batchSize: 5), dataset, 0, 4, workers: 0);
        using var cancel = new CancellationTokenSource();
        var waiting = Task.Run(() => feed.Next(cancel.Token), CancellationToken.None);

        cancel.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => waiting.GetAwaiter().GetResult());
    }

    [Fact]
    public void Dispose_ends_workers_that_wait_for_room()
    {
        using var dataset = _folder.Open();
        var feed = new BatchFeed(Recipe(batchSize: 5), dataset, 0, 4, workers: 4);
        feed.Next(TestContext.Current.CancellationToken);

        // It joins the threads: it would never come back if one of them stayed.
        feed.Dispose();
    }

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
        using var feed = new BatchFeed(recipe, dataset, first, perEpoch, workers);
        var all = new List<float>();
        for (var batch = first; batch < recipe.Epochs * perEpoch; batch++)
        {
            var next = feed.Next(TestContext.Current.CancellationToken);
            all.AddRange(next.Pixels);
            all.AddRange(next.Masks.Order.Select(patch => (float)patch));
            feed.Return(next);
        }

        return all;
    }
}
