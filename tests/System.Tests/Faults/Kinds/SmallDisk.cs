using System.Diagnostics;

namespace MaeLab.System.Tests.Faults.Kinds;

/// <summary>A file system of 64 MB of its own, in memory; a plain folder where the machine does not let us mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk() => CanBeFilled = Execute("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", Folder);

    /// <summary>Without harm to others.</summary>
    public bool CanBeFilled { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("maelab-disk-").FullName;

    public void Dispose()
    {
        if (!CanBeFilled || Execute("umount", "--lazy", Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static bool Execute(string program, params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
