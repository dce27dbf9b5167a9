namespace MaeLab.Local;

/// <summary>
/// Where opened archives lie while they are looked at. The folder goes with the program; where that was killed, with the next one that
/// starts: a lock on a file in it, which the system lets go of with the process, tells whether it is in use.
/// </summary>
internal sealed class OpenedFolder : IDisposable
{
    private const string Prefix = "maelab-open-";
    private const string LockName = "in-use";

    private readonly FileStream _inUse;

    public OpenedFolder()
    {
        Path = Directory.CreateTempSubdirectory(Prefix).FullName;
        _inUse = Lock(Path, FileMode.CreateNew);
    }

    public string Path { get; }

    /// <summary>Removes the folders of programs that are gone. One without the file is left: it may just be made.</summary>
    public static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            try
            {
                using (Lock(folder, FileMode.Open))
                {
                }

                Directory.Delete(folder, recursive: true);
            }
            catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
            {
                // In use, being made, removed by another program meanwhile, or somebody else's.
            }
        }
    }

    public void Dispose()
    {
        _inUse.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private static FileStream Lock(string folder, FileMode mode) => new(System.IO.Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None);
}
