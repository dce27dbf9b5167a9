using System.Globalization;
using MaeLab.Testing;

namespace MaeLab.System.Tests.Faults.Kinds;

/// <summary>The wall clock that a process sees, by libfaketime (the Debian package faketime), which reads a file for how far it is off.</summary>
internal sealed class FakeClock : IDisposable
{
    private const string Library = "libfaketimeMT.so.1";

    private static readonly string? s_library = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").Select(folder => Path.Combine(folder, "faketime", Library)).FirstOrDefault(File.Exists)
        : null;

    private readonly string _file = Path.GetTempFileName();

    public FakeClock()
    {
        if (s_library is null)
        {
            Prerequisite.Missing($"There is no {Library}: apt-get install faketime.");
        }

        Set(TimeSpan.Zero);
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = s_library,
            ["FAKETIME_TIMESTAMP_FILE"] = _file,
            ["FAKETIME_CACHE_DURATION"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            // Its correction of timed waits is for an older C library: with it every timer of .NET returns at once, and spins.
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
        };
    }

    /// <summary>What a process with this clock is started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public void Dispose() => File.Delete(_file);

    /// <summary>Seen by the process within a second.</summary>
    public void Set(TimeSpan off)
    {
        // In one piece: the process may read at any time.
        File.WriteAllText($"{_file}.new", off.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n");
        File.Move($"{_file}.new", _file, overwrite: true);
    }
}
