using System.Diagnostics;
using System.Globalization;

namespace MaeLab.Testing.Faults;

public static class Signals
{
    public const string Kill = "KILL";
    public const string Terminate = "TERM";
    public const string Stop = "STOP";
    public const string Continue = "CONT";

    /// <summary>A process that is gone by now is no error.</summary>
    public static async Task SendAsync(string signal, params IEnumerable<int> processIds)
    {
        using var kill = Process.Start(new ProcessStartInfo(
            "kill", [$"-{signal}", .. processIds.Select(id => id.ToString(CultureInfo.InvariantCulture))])
        { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }
}
