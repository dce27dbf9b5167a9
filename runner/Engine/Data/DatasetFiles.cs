using System.Reflection;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>Which files make up a known data set and how they are read, into memory.</summary>
/// <param name="folder">Null for the embedded sample.</param>
public sealed class DatasetFiles(DatasetInfo info, string? folder) : IDatasetSource
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    public DatasetInfo Info { get; } = info;

    /// <summary>Whether all files are there; what is in them shows when they are opened.</summary>
    public bool AreFound => folder is null || Names(Info).All(name => Find(folder, name) is not null);

    /// <summary>Part of the engine's own assembly.</summary>
    public static bool AreEmbedded(DatasetInfo info) => info == Datasets.FashionMnistSample;

    /// <summary>Names without a possible <c>.gz</c>.</summary>
    public static IReadOnlyList<string> Names(DatasetInfo info) => info switch
    {
        _ when AreEmbedded(info) => [TestImages, TestLabels],
        _ when info == Datasets.Cifar10 => [.. Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}.bin"), "test_batch.bin"],
        _ when info == Datasets.Cifar100 => ["train.bin", "test.bin"],
        _ => [TrainImages, TrainLabels, TestImages, TestLabels],
    };

    public Dataset Open(int? limit, ImageCache cache, ITrainingSink sink, CancellationToken cancellationToken)
    {
        var (train, probe) = Read();
        var (mean, deviation) = Normalization.Of(Info.Name);
        return new(Info.Name, Info.Classes, limit is { } count && count < train.Count ? train.Slice(0, count) : train, probe, mean, deviation);
    }

    private (ImageSet Train, ImageSet Probe) Read()
    {
        if (folder is null)
        {
            // The probe part follows the train part in one pair of files.
            var all = Idx(name => (Resource($"{name}.gz"), $"embedded {name}.gz"), TestImages, TestLabels, Info.TrainImages + Info.ProbeImages);
            return (all.Slice(0, Info.TrainImages), all.Slice(Info.TrainImages, Info.ProbeImages));
        }

        if (Info == Datasets.Cifar10 || Info == Datasets.Cifar100)
        {
            var labelBytes = Info == Datasets.Cifar10 ? 1 : 2;
            var paths = Names(Info).Select(Required).ToList();
            return (CifarReader.Read(paths[..^1], Info, labelBytes, Info.TrainImages), CifarReader.Read([paths[^1]], Info, labelBytes, Info.ProbeImages));
        }

        return (Idx(File, TrainImages, TrainLabels, Info.TrainImages), Idx(File, TestImages, TestLabels, Info.ProbeImages));

        (Stream, string) File(string name)
        {
            var path = Required(name);
            return (System.IO.File.OpenRead(path), path);
        }
    }

    private MemoryImages Idx(Func<string, (Stream Stream, string Name)> open, string images, string labels, int count)
    {
        var (imageFile, imageName) = open(images);
        using var closeImages = imageFile;
        var (labelFile, labelName) = open(labels);
        using var closeLabels = labelFile;
        return new(Info.Channels, Info.Size,
            IdxReader.Images(imageFile, imageName, count, Info.Size),
            Array.ConvertAll(IdxReader.Labels(labelFile, labelName, count, Info.Classes), label => (int)label));
    }

    /// <summary>The path of a file in either form; null where there is none.</summary>
    private static string? Find(string folder, string name) => new[] { name, $"{name}.gz" }
        .Select(candidate => Path.Combine(folder, candidate)).FirstOrDefault(System.IO.File.Exists);

    private string Required(string name) => Find(folder!, name) ?? throw new TrainingFailedException(
        ReasonCode.BadData, $"{Path.Combine(folder!, name)}: missing; data set '{Info.Name}' needs {string.Join(", ", Names(Info))} (or with .gz) in this folder.");

    private static Stream Resource(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"The engine was built without its embedded data {name}.");
}
