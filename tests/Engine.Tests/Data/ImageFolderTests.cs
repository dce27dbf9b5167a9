using System.Buffers.Binary;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Engine.Training;
using SkiaSharp;

namespace MaeLab.Engine.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    private readonly PictureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Offered_tells_classes_and_counts_and_that_sizes_differ()
    {
        Fill();

        Assert.Equal(new DatasetInfo("pictures", 3, DatasetInfo.AnySize, Classes: 3, TrainImages: 6, ProbeImages: 2), Offered());
    }

    [Fact]
    public void Open_goes_through_the_classes_in_turn_in_the_order_of_the_names()
    {
        var files = Fill();
        using var dataset = _folder.Open();

        // "B" comes before "a": ordinal. a has three images, c one.
        Assert.Equal([0, 1, 2, 0, 1, 1], dataset.Train.Labels.ToArray());
        Assert.Equal(new[] { "B/1.png", "a/1.png", "c/1.png", "B/2.png", "a/2.png", "a/3.png" }.Select(name => files["train/" + name]), PictureFolder.Pixels(dataset.Train));
        Assert.Equal(["B", "a", "c"], dataset.ClassNames!);
        Assert.Equal([0, 2], dataset.Probe.Labels.ToArray());
        Assert.Equal(4, _folder.Open(limit: 4).Train.Count);
    }

    [Fact]
    public void Hidden_and_other_files_are_no_images()
    {
        Fill();
        _folder.AddFile("train/a/.hidden.png", [1]);
        _folder.AddFile("train/a/notes.txt", [1]);
        _folder.AddFile("train/.git/config.png", [1]);

        Assert.Equal((3, 6), (Offered()!.Classes, Offered()!.TrainImages));
    }

    [Fact]
    public void Test_part_takes_the_place_of_val()
    {
        _folder.Add("train/a/1.png", 4, 4);
        _folder.Add("test/a/1.png", 4, 4);

        Assert.Equal(1, Offered()!.ProbeImages);
    }

    [Fact]
    public void Folder_without_a_probe_part_can_be_trained_on()
    {
        _folder.Add("train/a/1.png", 4, 4);
        using var dataset = _folder.Open();

        Assert.Equal((1, 0), (dataset.Train.Count, dataset.Probe.Count));
    }

    [Theory]
    [InlineData("train/a/sub/1.png", "train/a: this class has no images (.jpg, .jpeg, .png, .webp); add some or remove its folder.")]
    [InlineData("a/1.png", "needs train/CLASS/IMAGE (.jpg, .jpeg, .png, .webp) in this folder")]
    [InlineData("train/1.png", "needs train/CLASS/IMAGE")]
    public void Folder_of_another_shape_is_told_and_not_offered(string path, string message)
    {
        _folder.Add(path, 4, 4);

        AssertBad(message);
        var refused = new List<string>();
        Assert.DoesNotContain(new DatasetLocator(_folder.Folders).Offered(refused.Add), info => info.Name == "pictures");
        Assert.Contains(message, Assert.Single(refused), StringComparison.Ordinal);
    }

    [Fact]
    public void Class_that_is_only_in_the_probe_part_is_told()
    {
        _folder.Add("train/a/1.png", 4, 4);
        _folder.Add("val/b/1.png", 4, 4);

        AssertBad($"{Path.Combine(_folder.Root, "val", "b")}: there is no class 'b' in {Path.Combine(_folder.Root, "train")}.");
    }

    [Theory]
    [InlineData("png", 0)]
    [InlineData("jpg", 12)]
    [InlineData("JPEG", 12)]
    [InlineData("webp", 25)]
    public void Formats_are_decoded_to_planes_of_red_green_blue(string extension, int tolerance)
    {
        var (path, pixels) = _folder.Add($"train/a/1.{extension}", 37, 21);

        var image = new ImageDecoder().Decode(path);

        Assert.Equal((37, 21), (image.Width, image.Height));
        var errors = image.Pixels.ToArray().Zip(pixels, (found, expected) => Math.Abs(found - expected));
        Assert.InRange(errors.Average(), 0, tolerance);
    }

    [Fact]
    public void Alpha_is_dropped()
    {
        var (path, pixels) = _folder.Add("train/a/1.png", 8, 4, alpha: SKAlphaType.Unpremul);

        Assert.Equal(pixels, new ImageDecoder().Decode(path).Pixels.ToArray());
    }

    [Theory]
    [InlineData("jpg", 1030, 1500, 515, 750)]
    [InlineData("jpg", 1023, 1500, 1023, 1500)]
    [InlineData("jpg", 2060, 2080, 515, 520)]
    [InlineData("png", 1030, 1100, 1030, 1100)]
    public void Large_photograph_is_decoded_smaller(string extension, int width, int height, int keptWidth, int keptHeight)
    {
        var (path, _) = _folder.Add($"train/a/1.{extension}", width, height);

        var image = new ImageDecoder().Decode(path);

        Assert.Equal((keptWidth, keptHeight), (image.Width, image.Height));
        Assert.Equal((keptWidth, keptHeight), ImageDecoder.Size(path));
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("webp")]
    public void Truncated_image_is_refused_wherever_it_ends(string extension)
    {
        var (path, _) = _folder.Add($"train/a/1.{extension}", 40, 30);
        var whole = File.ReadAllBytes(path);

        // The last bytes may be missing without a pixel being lost: checksums and end marks.
        for (var length = 0; length < whole.Length - 24; length += Math.Max(1, whole.Length / 60))
        {
            File.WriteAllBytes(path, whole[..length]);
            var failure = Assert.Throws<TrainingFailedException>(() => new ImageDecoder().Decode(path));
            Assert.Equal(ReasonCode.BadData, failure.Reason);
            Assert.StartsWith(path + ": ", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Header_that_claims_a_giant_image_is_refused_before_memory_is_taken()
    {
        // A PNG of 90 bytes.
        var path = _folder.AddFile("train/a/1.png", Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAA6mAAAOpgCAYAAACA0nVCAAAAEUlEQVR4nGNgGAWjYBQMdwAAA+gAAbOm00YAAAAASUVORK5CYII="));

        Assert.Contains("60000 x 60000 pixels are too many", Assert.Throws<TrainingFailedException>(() => new ImageDecoder().Decode(path)).Message, StringComparison.Ordinal);
    }

    /// <summary>A JPEG can be taken at an eighth of its size; what counts is what the decoder must hold.</summary>
    [Fact]
    public void Giant_image_that_would_be_taken_smaller_is_refused_too()
    {
        using var image = new SKBitmap(8, 8);
        var bytes = image.Encode(SKEncodedImageFormat.Jpeg, quality: 50).ToArray();
        // Behind the marker of a frame: its length, the bits of a sample, height, width.
        var frame = bytes.AsSpan()[(bytes.AsSpan().IndexOf<byte>([0xFF, 0xC0]) + 5)..];
        BinaryPrimitives.WriteUInt16BigEndian(frame, 60_000);
        BinaryPrimitives.WriteUInt16BigEndian(frame[2..], 60_000);
        var path = _folder.AddFile("train/a/1.jpg", bytes);

        Assert.Contains("60000 x 60000 pixels are too many", Assert.Throws<TrainingFailedException>(() => new ImageDecoder().Decode(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_within_the_folder_are_followed()
    {
        Fill();
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "train/a/4.png"), "../B/1.png");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, "test"), "val");

        Assert.Equal(7, Offered()!.TrainImages);
    }

    [Theory]
    [InlineData("train/a/4.png", "../../../outside/1.png", "out of the data set's folder")]
    [InlineData("train/d", "../../outside", "out of the data set's folder")]
    // By way of another link, whose own name lies within.
    [InlineData("train/a/4.png", "../../.up/outside/1.png", "out of the data set's folder")]
    [InlineData("train/a/4.png", "5.png", "which is not there")]
    [InlineData("train/a/4.png", "4.png", "too many links")]
    public void Links_that_lead_out_or_nowhere_are_told_and_nothing_is_offered(string link, string target, string message)
    {
        Fill();
        _folder.Add("../outside/1.png", 8, 8);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, ".up"), "..");

        File.CreateSymbolicLink(Path.Combine(_folder.Root, link), target);

        AssertBad(message);
        Assert.Null(Offered());
    }

    [Fact]
    public void Something_else_and_nothing_are_told_apart()
    {
        var path = _folder.AddFile("train/a/1.jpg", "no image"u8.ToArray());
        Assert.Contains("expected a JPEG, PNG or WebP image", Assert.Throws<TrainingFailedException>(() => new ImageDecoder().Decode(path)).Message, StringComparison.Ordinal);

        File.Delete(path);
        Assert.Contains("missing", Assert.Throws<TrainingFailedException>(() => new ImageDecoder().Decode(path)).Message, StringComparison.Ordinal);
    }

    /// <summary>Six images of three classes to train on, two to probe with.</summary>
    private Dictionary<string, byte[]> Fill()
    {
        string[] names = ["train/a/1.png", "train/a/2.png", "train/a/3.png", "train/B/1.png", "train/B/2.png", "train/c/1.png", "val/B/1.png", "val/c/9.png"];
        return names.Index().ToDictionary(entry => entry.Item, entry => _folder.Add(entry.Item, 8 + entry.Index, 20, seed: entry.Index).Pixels);
    }

    private DatasetInfo? Offered() => new DatasetLocator(_folder.Folders).Offered().SingleOrDefault(info => info.Name == "pictures");

    private void AssertBad(string message)
    {
        var failure = Assert.Throws<TrainingFailedException>(() => _folder.Open());
        Assert.Equal(ReasonCode.BadData, failure.Reason);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }
}
