using System.Diagnostics;
using MaeLab.Testing;

namespace MaeLab.System.Tests.Faults.Kinds;

/// <summary>A file system of 64 MB of its own, in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk()
    {
        if (!Execute("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", Folder))
        {
            Directory.Delete(Folder);
            Prerequisite.Missing("A disk that can be filled needs the right to mount a tmpfs (root).");
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("maelab-disk-").FullName;

    public void Dispose()
    {
        if (Execute("umount", "--lazy", Folder))
        {
            Directory.Delete(Folder);
        }
    }

    private static bool Execute(string program, params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
