using System.Net.Http.Headers;

namespace MaeLab.Runner.Downloads;

/// <summary>What has come of a file, and of which version of it.</summary>
/// <param name="path">Of the complete file.</param>
internal sealed class PartFile(string path)
{
    public string Path { get; } = path + ".part";

    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    public RangeConditionHeaderValue? Version =>
        File.Exists(VersionPath) && RangeConditionHeaderValue.TryParse(File.ReadAllText(VersionPath), out var version) ? version : null;

    private string VersionPath => Path + ".version";

    /// <param name="goesOn">Behind what is there; otherwise what is there is of no use.</param>
    /// <exception cref="DownloadFailedException">The file cannot be written.</exception>
    public FileStream Open(bool goesOn, RangeConditionHeaderValue? version)
    {
        try
        {
            if (!goesOn)
            {
                // In this order: bytes of one version never lie beside the name of another.
                Delete();
                File.WriteAllText(VersionPath, version?.ToString());
            }

            // Unbuffered: what has come is on disk whatever happens.
            return new(Path, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DownloadFailedException($"{Path} cannot be written: {exception.Message}", exception);
        }
    }

    public void Complete()
    {
        File.Move(Path, path, overwrite: true);
        File.Delete(VersionPath);
    }

    public void Delete()
    {
        File.Delete(Path);
        File.Delete(VersionPath);
    }
}
