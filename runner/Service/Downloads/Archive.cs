using System.Formats.Tar;
using System.IO.Compression;

namespace MaeLab.Runner.Downloads;

internal static class Archive
{
    /// <summary>
    /// Takes the wanted files out of a .tar.gz into one folder. Only their own names count, whatever folders the archive names and
    /// whatever else is in it; a file gets its name when it is complete.
    /// </summary>
    /// <exception cref="DownloadFailedException">The archive is damaged or lacks a file.</exception>
    public static async Task UnpackAsync(string archive, string folder, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        var missing = wanted.ToHashSet(StringComparer.Ordinal);
        try
        {
            await using var packed = File.OpenRead(archive);
            await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
            await using var reader = new TarReader(unpacked);
            while (missing.Count > 0 && await reader.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
            {
                var name = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && missing.Remove(name))
                {
                    var part = Path.Combine(folder, name + ".part");
                    await entry.ExtractToFileAsync(part, overwrite: true, cancellationToken);
                    File.Move(part, Path.Combine(folder, name), overwrite: true);
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new DownloadFailedException($"{archive} cannot be unpacked into {folder}: {exception.Message}", exception);
        }

        if (missing.Count > 0)
        {
            throw new DownloadFailedException($"{archive}: expected the file {missing.Order(StringComparer.Ordinal).First()} in this archive; it is not there.");
        }
    }
}
