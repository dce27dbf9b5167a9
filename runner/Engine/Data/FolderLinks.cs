using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>
/// Links within a data set's folder may lead to what else is in it, not out of it: whoever may add a file there could otherwise have
/// the runner show pictures that he may not read himself.
/// </summary>
internal sealed class FolderLinks(string root)
{
    private const int MostLinks = 40; // as Linux follows at most

    private readonly string _real = Real(root, 0) + Path.DirectorySeparatorChar;

    /// <param name="entry">A file or folder below the root.</param>
    /// <exception cref="TrainingFailedException">Bad data: a link to nothing, or out of the folder.</exception>
    /// <exception cref="IOException">Links in a circle.</exception>
    public void Check(FileSystemInfo entry)
    {
        if ((entry.Attributes & FileAttributes.ReparsePoint) == 0)
        {
            return;
        }

        var real = Real(entry.FullName, 0);
        if (!Path.Exists(real))
        {
            throw Bad(entry, $"a link to {real}, which is not there");
        }

        if (!real.StartsWith(_real, StringComparison.Ordinal))
        {
            throw Bad(entry, $"a link out of the data set's folder, to {real}; put the images themselves here, or register the folder they are in");
        }
    }

    /// <summary>Where a path leads, every link on its way followed.</summary>
    private static string Real(string path, int followed)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (new FileInfo(real).LinkTarget is { } target)
            {
                real = followed < MostLinks
                    ? Real(Path.Combine(Path.GetDirectoryName(real)!, target), followed + 1)
                    : throw new IOException($"{path}: too many links after one another.");
            }
        }

        return real;
    }

    private static TrainingFailedException Bad(FileSystemInfo entry, string what) => new(ReasonCode.BadData, $"{entry.FullName}: {what}.");
}
