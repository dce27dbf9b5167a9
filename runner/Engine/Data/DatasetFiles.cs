using System.Reflection;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>Which files make up a known data set and how they are read.</summary>
internal sealed class DatasetFiles
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    private readonly DatasetInfo _info;

    private DatasetFiles(DatasetInfo info, IReadOnlyList<string> names) => (_info, Names) = (info, names);

    /// <summary>Part of the engine's own assembly.</summary>
    public bool Embedded => _info == Datasets.FashionMnistSample;

    /// <summary>Names without a possible <c>.gz</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    public static DatasetFiles Of(DatasetInfo info) => new(info, info.Name switch
    {
        _ when info == Datasets.FashionMnistSample => [TestImages, TestLabels],
        _ when info == Datasets.Cifar10 => [.. Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}.bin"), "test_batch.bin"],
        _ when info == Datasets.Cifar100 => ["train.bin", "test.bin"],
        _ => [TrainImages, TrainLabels, TestImages, TestLabels],
    });

    /// <summary>The path of a file in either form; null where there is none.</summary>
    public static string? Find(string folder, string name) => new[] { name, $"{name}.gz" }
        .Select(candidate => Path.Combine(folder, candidate)).FirstOrDefault(File.Exists);

    /// <param name="folder">Null for the embedded sample.</param>
    public (ImageSet Train, ImageSet Probe) Open(string? folder)
    {
        if (folder is null)
        {
            // The probe part follows the train part in one pair of files.
            var all = Idx(name => (Resource($"{name}.gz"), $"embedded {name}.gz"), TestImages, TestLabels, _info.TrainImages + _info.ProbeImages);
            return (all.Slice(0, _info.TrainImages), all.Slice(_info.TrainImages, _info.ProbeImages));
        }

        if (_info == Datasets.Cifar10 || _info == Datasets.Cifar100)
        {
            var labelBytes = _info == Datasets.Cifar10 ? 1 : 2;
            var paths = Names.Select(name => Required(folder, name)).ToList();
            return (CifarReader.Read(paths[..^1], _info, labelBytes, _info.TrainImages), CifarReader.Read([paths[^1]], _info, labelBytes, _info.ProbeImages));
        }

        return (Idx(File, TrainImages, TrainLabels, _info.TrainImages), Idx(File, TestImages, TestLabels, _info.ProbeImages));

        (Stream, string) File(string name)
        {
            var path = Required(folder, name);
            return (System.IO.File.OpenRead(path), path);
        }
    }

    private ImageSet Idx(Func<string, (Stream Stream, string Name)> open, string images, string labels, int count)
    {
        var (imageFile, imageName) = open(images);
        using var closeImages = imageFile;
        var (labelFile, labelName) = open(labels);
        using var closeLabels = labelFile;
        return new(_info.Channels, _info.Size,
            IdxReader.Images(imageFile, imageName, count, _info.Size), IdxReader.Labels(labelFile, labelName, count, _info.Classes));
    }

    private string Required(string folder, string name) => Find(folder, name) ?? throw new TrainingFailedException(
        ReasonCode.BadData, $"{Path.Combine(folder, name)}: missing; data set '{_info.Name}' needs {string.Join(", ", Names)} (or with .gz) in this folder.");

    private static Stream Resource(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"The engine was built without its embedded data {name}.");
}
