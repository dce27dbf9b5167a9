using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>
/// Finds and opens the data sets of this machine: the embedded sample always, the others in the folder given for their name or
/// where Debian's <c>dataset-*</c> packages put them.
/// </summary>
/// <param name="folders">Folder by data set name.</param>
public sealed class DatasetLocator(IReadOnlyDictionary<string, string> folders)
{
    private const string SystemFolder = "/usr/share/datasets";

    /// <summary>The data sets whose files are here. Whether they are complete shows when one is opened.</summary>
    public IReadOnlyList<DatasetInfo> Offered() => [.. Datasets.Known.Where(info => DatasetFiles.Of(info) is var files
        && (files.Embedded || (Folder(info.Name) is { } folder && files.Names.All(name => DatasetFiles.Find(folder, name) is not null))))];

    /// <summary>Reads a data set into memory.</summary>
    /// <param name="limit">Train on the first so many images only; null: all.</param>
    /// <exception cref="TrainingFailedException">Bad data: unknown name, missing, truncated or wrong files.</exception>
    public Dataset Open(string name, int? limit)
    {
        var info = Datasets.Known.FirstOrDefault(known => known.Name == name)
            ?? throw new TrainingFailedException(ReasonCode.BadData, $"There is no data set '{name}' here; known are {string.Join(", ", Datasets.Known.Select(known => known.Name))}.");
        var files = DatasetFiles.Of(info);
        var folder = files.Embedded ? null : Folder(name) ?? throw new TrainingFailedException(ReasonCode.BadData,
            $"Data set '{name}' is not on this machine: set its folder in the runner's settings, or put its files ({string.Join(", ", files.Names)}) into {Path.Combine(SystemFolder, name)}.");
        var (train, probe) = files.Open(folder);
        var (mean, deviation) = Normalization.Of(name);
        return new(name, info.Classes, limit is { } count && count < train.Count ? train.Slice(0, count) : train, probe, mean, deviation);
    }

    private string? Folder(string name) =>
        folders.TryGetValue(name, out var folder) ? folder
        : Path.Combine(SystemFolder, name) is var system && Directory.Exists(system) ? system
        : null;
}
