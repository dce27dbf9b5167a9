using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>
/// A folder of images as torchvision's ImageFolder reads it: <c>train/CLASS/IMAGE</c>, and <c>val/CLASS/IMAGE</c> (or <c>test</c>)
/// for the probes. Classes are numbered in the ordinal order of their names, images become RGB.
/// </summary>
internal sealed class ImageFolder : IDatasetSource
{
    private const string TrainPart = "train";
    private static readonly string[] s_probeParts = ["val", "test"];

    /// <summary>MAE's evaluation: shorter side to 256, of which the middle 224 are shown.</summary>
    private const double CenterShare = 224 / 256.0;

    private readonly string[] _classes;
    private readonly ImageFiles _train;
    private readonly ImageFiles _probe;

    private ImageFolder(string name, string[] classes, ImageFiles train, ImageFiles probe)
    {
        (_classes, _train, _probe) = (classes, train, probe);
        Info = new(name, ImageDecoder.Channels, DatasetInfo.AnySize, classes.Length, train.Count, probe.Count);
    }

    public DatasetInfo Info { get; }

    /// <summary>Reads names only, no image.</summary>
    /// <exception cref="TrainingFailedException">Bad data: not such a folder.</exception>
    public static ImageFolder Scan(string name, string root)
    {
        try
        {
            var links = new FolderLinks(root);
            var train = Path.Combine(root, TrainPart);
            var classes = Directory.Exists(train) ? ImageFiles.Classes(train, links) : [];
            if (classes.Length == 0)
            {
                throw Bad($"{root}: data set '{name}' needs {TrainPart}/CLASS/IMAGE ({ImageFiles.Extensions}) in this folder, one folder a class, "
                    + $"and {string.Join(" or ", s_probeParts)}/CLASS/IMAGE for the probes.");
            }

            var probe = s_probeParts.Select(part => Path.Combine(root, part)).FirstOrDefault(Directory.Exists);
            var stranger = probe is null ? null : ImageFiles.Classes(probe, links).Except(classes).FirstOrDefault();
            return stranger is null
                ? new(name, classes, ImageFiles.List(train, classes, links), ImageFiles.List(probe ?? root, probe is null ? [] : classes, links))
                : throw Bad($"{Path.Combine(probe!, stranger)}: there is no class '{stranger}' in {train}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingFailedException(ReasonCode.BadData, $"{root}: data set '{name}' is unreadable: {exception.Message}", exception);
        }
    }

    public Dataset Open(int? limit, ImageCache cache, ITrainingSink sink, CancellationToken cancellationToken)
    {
        var files = limit is { } count && count < _train.Count ? _train.Slice(0, count) : _train;
        var (mean, deviation) = Normalization.ImageNet;
        var train = cache.Open(files, sink, cancellationToken);
        try
        {
            return new(Info.Name, Info.Classes, train, cache.Open(_probe, sink, cancellationToken), mean, deviation, CenterShare) { ClassNames = _classes };
        }
        catch
        {
            train.Dispose();
            throw;
        }
    }

    private static TrainingFailedException Bad(string what) => new(ReasonCode.BadData, what);
}
