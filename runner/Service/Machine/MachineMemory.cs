using System.Globalization;

namespace MaeLab.Runner.Machine;

/// <summary>
/// How much memory the programs of this machine, or of this container, may have together. (.NET's own figure is what its collector may take:
/// three quarters of a container's limit; libtorch's memory is not the collector's.)
/// </summary>
internal static class MachineMemory
{
    /// <summary>Version 2 and version 1 of control groups; a container sees its own at the root.</summary>
    private static readonly string[] s_limits = ["sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"];

    /// <param name="root">Of the file system.</param>
    /// <returns>Bytes.</returns>
    public static long Total(string root = "/") =>
        InMachine(root) is { } machine
            ? s_limits.Select(file => Path.Combine(root, file)).Select(Limit).Append(machine).Min()
            : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Null where there is no Linux to tell.</summary>
    private static long? InMachine(string root)
    {
        var file = Path.Combine(root, "proc/meminfo");
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) : null;
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] ? 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>"max" is none.</summary>
    private static long Limit(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var bytes) ? bytes : long.MaxValue;
}
