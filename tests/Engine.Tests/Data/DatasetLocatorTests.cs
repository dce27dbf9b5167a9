using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Engine.Training;
using MaeLab.Testing;

namespace MaeLab.Engine.Tests.Data;

public sealed class DatasetLocatorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maelab-data").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_sample_gives_its_two_parts()
    {
        var dataset = new DatasetLocator(new Dictionary<string, string>()).Open("fashion-mnist-sample", limit: null);

        Assert.Equal((8_000, 2_000, 10, 1), (dataset.Train.Count, dataset.Probe.Count, dataset.Classes, dataset.Channels));
        // 1,000 of every class in both parts together.
        var all = dataset.Train.Labels.ToArray().Concat(dataset.Probe.Labels.ToArray());
        Assert.All(all.CountBy(label => label), pair => Assert.Equal(1_000, pair.Value));
        // The usual normalisation fits the sample too.
        Assert.Equal(dataset.Mean[0], Enumerable.Range(0, dataset.Train.Count).SelectMany(image => Pixels(dataset.Train, image)).Average(pixel => pixel / 255.0), 0.01);
    }

    [Fact]
    public void Open_installed_fashion_mnist_gives_all_of_it()
    {
        var locator = new DatasetLocator(new Dictionary<string, string>());
        if (!locator.Offered().Contains(Datasets.FashionMnist))
        {
            Prerequisite.Missing("The 60,000 images of Fashion-MNIST are not installed (apt-get install dataset-fashion-mnist).");
        }

        Dataset all = locator.Open("fashion-mnist", limit: null), sample = locator.Open("fashion-mnist-sample", limit: null);

        Assert.Equal((60_000, 10_000), (all.Train.Count, all.Probe.Count));
        Assert.All(all.Train.Labels.ToArray().CountBy(label => label), pair => Assert.Equal(6_000, pair.Value));
        // The sample is its test set.
        Assert.Equal(Pixels(all.Probe, 8_000), Pixels(sample.Probe, 0));
    }

    [Fact]
    public void Open_with_a_limit_trains_on_the_first_images()
    {
        var locator = new DatasetLocator(new Dictionary<string, string>());
        Dataset all = locator.Open("fashion-mnist-sample", null), few = locator.Open("fashion-mnist-sample", 10);

        Assert.Equal(10, few.Train.Count);
        Assert.Equal(Pixels(all.Train, 9), Pixels(few.Train, 9));
        Assert.Equal(2_000, few.Probe.Count);
    }

    [Fact]
    public void Open_of_a_folder_without_a_file_names_the_file()
    {
        var failure = Assert.Throws<TrainingFailedException>(() => Locator("mnist").Open("mnist", null));

        Assert.Equal(ReasonCode.BadData, failure.Reason);
        Assert.Contains(Path.Combine(_folder, "train-images-idx3-ubyte"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_of_an_unknown_or_absent_data_set_says_what_to_do()
    {
        var locator = new DatasetLocator(new Dictionary<string, string>());
        Assert.Contains("known are fashion-mnist-sample", Assert.Throws<TrainingFailedException>(() => locator.Open("imagenet", null)).Message, StringComparison.Ordinal);
        Assert.Contains("set its folder in the runner's settings", Assert.Throws<TrainingFailedException>(() => locator.Open("cifar10", null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offered_lists_the_sample_and_folders_that_hold_all_files()
    {
        Assert.Contains(Datasets.FashionMnistSample, new DatasetLocator(new Dictionary<string, string>()).Offered());
        foreach (var name in new[] { "train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz" })
        {
            File.WriteAllBytes(Path.Combine(_folder, name), []);
        }

        Assert.DoesNotContain(Datasets.Mnist, Locator("mnist").Offered());
        File.WriteAllBytes(Path.Combine(_folder, "t10k-labels-idx1-ubyte"), []);
        Assert.Contains(Datasets.Mnist, Locator("mnist").Offered());
    }

    [Fact]
    public void Read_cifar_gives_images_and_refuses_other_sizes_and_labels()
    {
        var info = new DatasetInfo("cifar-like", 3, 2, Classes: 5, TrainImages: 4, ProbeImages: 1);
        string[] paths = [Path.Combine(_folder, "a.bin"), Path.Combine(_folder, "b.bin")];
        // Two records a file: coarse label, fine label, 12 pixels.
        File.WriteAllBytes(paths[0], [9, 0, .. Enumerable.Repeat((byte)1, 12), 9, 1, .. Enumerable.Repeat((byte)2, 12)]);
        File.WriteAllBytes(paths[1], [9, 2, .. Enumerable.Repeat((byte)3, 12), 9, 4, .. Enumerable.Repeat((byte)4, 12)]);

        var images = CifarReader.Read(paths, info, labelBytes: 2, count: 4);
        Assert.Equal([0, 1, 2, 4], images.Labels.ToArray());
        Assert.Equal(Enumerable.Repeat((byte)3, 12), Pixels(images, 2));

        var label = Assert.Throws<TrainingFailedException>(() => CifarReader.Read(paths, info with { Classes = 4 }, 2, 4));
        Assert.Equal($"{paths[1]}: the label at byte 15 is 4, expected 0 to 3.", label.Message);
        File.WriteAllBytes(paths[1], new byte[27]);
        var size = Assert.Throws<TrainingFailedException>(() => CifarReader.Read(paths, info, 2, 4));
        Assert.Equal($"{paths[1]}: expected exactly 28 bytes, found 27.", size.Message);
    }

    private static byte[] Pixels(ImageSet set, int image) => set.Image(image, new()).Pixels.ToArray();

    private DatasetLocator Locator(string name) => new(new Dictionary<string, string> { [name] = _folder });
}
