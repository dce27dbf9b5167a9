using CsCheck;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Data;

public sealed class ImageCacheTests : IDisposable
{
    private readonly PictureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cached_images_are_the_decoded_ones_whatever_they_are() => Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.OneOf(Gen.Const("png"), Gen.Const("jpg"), Gen.Const("webp"))).List[1, 12].Sample(
        pictures =>
        {
            using var folder = new PictureFolder();
            foreach (var (number, (width, height, extension)) in pictures.Index())
            {
                folder.Add($"train/class{number % 3}/{number}.{extension}", width, height, number);
            }

            using Dataset streamed = folder.Open(), cached = folder.OpenCached(), again = folder.OpenCached();
            AssertSame(streamed.Train, cached.Train);
            AssertSame(streamed.Train, again.Train);
            AssertSame(streamed.Train.Slice(1, pictures.Count - 1), again.Train.Slice(1, pictures.Count - 1));
            Assert.Single(folder.CacheFiles);
        },
        iter: 15);

    [Fact]
    public void Second_opening_decodes_nothing()
    {
        Fill();
        byte[][] before;
        using (var first = _folder.OpenCached())
        {
            before = PictureFolder.Pixels(first.Train);
        }

        // Of the same length and time, but no image.
        var file = new FileInfo(Path.Combine(_folder.Root, "train/a/1.png"));
        var time = file.LastWriteTimeUtc;
        File.WriteAllBytes(file.FullName, new byte[file.Length]);
        File.SetLastWriteTimeUtc(file.FullName, time);

        using var second = _folder.OpenCached();
        Assert.Equal(before, PictureFolder.Pixels(second.Train));
    }

    [Fact]
    public void Changed_image_is_decoded_anew()
    {
        Fill();
        _folder.OpenCached().Dispose();
        var (path, pixels) = _folder.Add("train/a/1.png", 12, 10, seed: 99);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-5));

        using var dataset = _folder.OpenCached();
        Assert.Equal(pixels, PictureFolder.Pixels(dataset.Train)[0]);
    }

    [Fact]
    public void Damaged_cache_is_made_anew_wherever_it_is_damaged()
    {
        Fill();
        _folder.OpenCached().Dispose();
        var path = Assert.Single(_folder.CacheFiles);
        var whole = File.ReadAllBytes(path);

        // Header and index (of three images) byte by byte, then several ways to be too short.
        var damaged = Enumerable.Range(0, 88 + (3 * 16)).Select(at => whole.Select((value, n) => n == at ? (byte)(value ^ 0x10) : value).ToArray())
            .Concat(new[] { 0, 1, 87, 88, 90, 140, whole.Length - 1 }.Select(length => whole[..length]))
            .Append([.. whole, 0]);
        using var streamed = _folder.Open();
        foreach (var content in damaged)
        {
            File.WriteAllBytes(path, content);
            using var dataset = _folder.OpenCached();
            AssertSame(streamed.Train, dataset.Train);
            Assert.Equal(whole.Length, new FileInfo(path).Length);
        }
    }

    [Fact]
    public void Remains_of_a_killed_process_are_in_nobodys_way()
    {
        Fill();
        _folder.OpenCached().Dispose();
        var path = Assert.Single(_folder.CacheFiles);
        var half = File.ReadAllBytes(path)[..70];
        File.Delete(path);
        File.WriteAllBytes(path + ".lock", []);
        File.WriteAllBytes(path + ".1.part", half);
        File.SetLastWriteTimeUtc(path + ".1.part", DateTime.UtcNow.AddDays(-2));
        File.WriteAllBytes(path + ".2.part", half);

        using Dataset streamed = _folder.Open(), cached = _folder.OpenCached();

        AssertSame(streamed.Train, cached.Train);
        // The younger one may be at work still.
        Assert.Equal([path, path + ".2.part"], _folder.CacheFiles);
    }

    [Fact]
    public void Image_that_cannot_be_decoded_fails_by_name_and_leaves_nothing()
    {
        Fill();
        var path = _folder.AddFile("train/b/broken.jpg", [1, 2, 3]);

        var failure = Assert.Throws<TrainingFailedException>(() => _folder.OpenCached());

        Assert.Equal(ReasonCode.BadData, failure.Reason);
        Assert.StartsWith(path, failure.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.CacheFiles);
    }

    [Fact]
    public void Set_that_does_not_fit_is_decoded_as_it_is_used()
    {
        Fill();
        using Dataset streamed = _folder.Open(), tooLarge = _folder.OpenCached(maxBytes: 500), never = _folder.OpenCached(maxBytes: 0);

        AssertSame(streamed.Train, tooLarge.Train);
        AssertSame(streamed.Train, never.Train);
        Assert.Empty(_folder.CacheFiles);
    }

    [Fact]
    public void Set_that_proves_larger_than_estimated_is_decoded_as_it_is_used()
    {
        // 200 of 400 are asked for their size: every other one.
        for (var number = 0; number < 400; number++)
        {
            _folder.Add($"train/a/{number:D3}.png", number % 2 == 0 ? 4 : 16, 4);
        }

        using Dataset streamed = _folder.Open(), cached = _folder.OpenCached(maxBytes: 88 + (400 * (16 + (3 * 4 * 4))) + 1000);

        AssertSame(streamed.Train, cached.Train);
        Assert.Empty(_folder.CacheFiles);
    }

    [Fact]
    public void Longest_unused_cache_gives_way_and_whoever_uses_it_keeps_it()
    {
        Fill();
        using var old = _folder.OpenCached();
        var first = Assert.Single(_folder.CacheFiles);
        var before = PictureFolder.Pixels(old.Train);
        _folder.Add("train/a/9.png", 30, 30);

        using var grown = _folder.OpenCached(maxBytes: new FileInfo(first).Length + 3000);

        Assert.DoesNotContain(first, _folder.CacheFiles);
        Assert.Single(_folder.CacheFiles);
        Assert.Equal(before, PictureFolder.Pixels(old.Train));
    }

    [Fact]
    public async Task Runs_that_begin_at_once_all_see_the_same_images()
    {
        for (var number = 0; number < 60; number++)
        {
            _folder.Add($"train/c{number % 5}/{number}.jpg", 40 + number, 50, number);
        }

        using var streamed = _folder.Open();
        var expected = PictureFolder.Pixels(streamed.Train);
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _folder.OpenCached(), TestContext.Current.CancellationToken)));

        Assert.All(opened, dataset => Assert.Equal(expected, PictureFolder.Pixels(dataset.Train)));
        Array.ForEach(opened, dataset => dataset.Dispose());
        Assert.Single(_folder.CacheFiles);
    }

    [Fact]
    public void Cancelled_decoding_leaves_nothing()
    {
        Fill();

        Assert.Throws<OperationCanceledException>(() => _folder.OpenCached(new ImageCache(_folder.CacheFolder, 1 << 30), new(canceled: true)));
        Assert.Empty(_folder.CacheFiles);
    }

    [Fact]
    public void Cache_folder_that_cannot_be_made_costs_the_cache_only()
    {
        Fill();
        var file = _folder.AddFile("no-folder", [1]);

        using Dataset streamed = _folder.Open(), dataset = _folder.OpenCached(new ImageCache(Path.Combine(file, "cache"), 1 << 20), TestContext.Current.CancellationToken);
        AssertSame(streamed.Train, dataset.Train);
    }

    private void Fill()
    {
        _folder.Add("train/a/1.png", 12, 10, seed: 1);
        _folder.Add("train/a/2.png", 9, 14, seed: 2);
        _folder.Add("train/b/1.png", 5, 5, seed: 3);
    }

    private static void AssertSame(ImageSet expected, ImageSet actual)
    {
        ImageDecoder one = new(), other = new();
        Assert.Equal(expected.Labels.ToArray(), actual.Labels.ToArray());
        for (var image = 0; image < expected.Count; image++)
        {
            StoredImage wanted = expected.Image(image, one), found = actual.Image(image, other);
            Assert.Equal((wanted.Width, wanted.Height), (found.Width, found.Height));
            Assert.Equal(wanted.Pixels.ToArray(), found.Pixels.ToArray());
        }
    }
}
