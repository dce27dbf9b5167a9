using System.Diagnostics;
using System.Globalization;

namespace MaeLab.Runner.Verbs;

internal static class ProcessMemory
{
    private const string HighWaterMark = "VmHWM:";

    /// <summary>The most memory this process has held at once, in bytes: libtorch and the runtime (some 250 MB) and what training took.</summary>
    public static long Peak()
    {
        if (OperatingSystem.IsLinux())
        {
            // .NET's PeakWorkingSet64 is today's working set there.
            var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith(HighWaterMark, StringComparison.Ordinal));
            return 1024 * long.Parse(line.AsSpan(HighWaterMark.Length, line.Length - HighWaterMark.Length - " kB".Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
