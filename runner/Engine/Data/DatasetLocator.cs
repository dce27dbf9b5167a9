using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>
/// Finds and opens the data sets of this machine: the embedded sample always, the other known ones in the folder given for their
/// name, where they are downloaded to, or where Debian's <c>dataset-*</c> packages put them. A folder given for any other name is a
/// data set of that name, see <see cref="ImageFolder"/>.
/// </summary>
/// <param name="folders">Folder by data set name.</param>
public sealed class DatasetLocator(IReadOnlyDictionary<string, string> folders)
{
    private const string SystemFolder = "/usr/share/datasets";

    /// <summary>Downloaded data sets of this user, one folder each.</summary>
    public static string DownloadFolder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "MaeLab", "datasets");

    /// <summary>The data sets whose files are here. Whether they are complete shows when one is opened.</summary>
    /// <param name="refused">Is told of given folders that cannot be offered, and why.</param>
    public IReadOnlyList<DatasetInfo> Offered(Action<string>? refused = null)
    {
        var offered = Datasets.Known.Where(info => Known(info) is { AreFound: true }).ToList();
        foreach (var name in Registered)
        {
            try
            {
                offered.Add(Find(name).Info);
            }
            catch (TrainingFailedException failure)
            {
                refused?.Invoke(failure.Message);
            }
        }

        return offered;
    }

    /// <summary>What a recipe may name here, files or not: the known data sets and the given folders.</summary>
    /// <exception cref="TrainingFailedException">Bad data: a given folder is no data set.</exception>
    public IReadOnlyDictionary<string, DatasetInfo> Catalog() =>
        Datasets.Known.Concat(Registered.Select(name => Find(name).Info)).ToDictionary(info => info.Name);

    /// <summary>Reads the names of files at most.</summary>
    /// <exception cref="TrainingFailedException">Bad data: unknown name, not on this machine, or no data set.</exception>
    public IDatasetSource Find(string name)
    {
        if (Datasets.Known.FirstOrDefault(known => known.Name == name) is { } info)
        {
            return Known(info) ?? throw new TrainingFailedException(ReasonCode.BadData,
                $"Data set '{name}' is not on this machine: download it (see the runner's verb download), set its folder in the runner's settings, or put its files "
                + $"({string.Join(", ", DatasetFiles.Names(info))}) into {Path.Combine(DownloadFolder, name)} or {Path.Combine(SystemFolder, name)}.");
        }

        return folders.TryGetValue(name, out var folder)
            ? ImageFolder.Scan(name, folder)
            : throw new TrainingFailedException(ReasonCode.BadData,
                $"There is no data set '{name}' here; known are {string.Join(", ", Datasets.Known.Select(known => known.Name).Concat(Registered))}.");
    }

    /// <summary>Opens a data set; images in files of their own are decoded as they are used.</summary>
    /// <param name="limit">Train on the first so many images only; null: all.</param>
    /// <exception cref="TrainingFailedException">Bad data: unknown name, missing, truncated or wrong files.</exception>
    public Dataset Open(string name, int? limit) => Find(name).Open(limit, ImageCache.None, new NoSink(), CancellationToken.None);

    /// <summary>Names of given folders that are data sets of their own.</summary>
    private IEnumerable<string> Registered => folders.Keys.Except(Datasets.Known.Select(info => info.Name)).Order(StringComparer.Ordinal);

    private DatasetFiles? Known(DatasetInfo info) =>
        DatasetFiles.AreEmbedded(info) ? new(info, null)
        : Folder(info.Name) is { } folder ? new(info, folder)
        : null;

    private string? Folder(string name) =>
        folders.TryGetValue(name, out var given) ? given
        : new[] { DownloadFolder, SystemFolder }.Select(root => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);
}
