using System.Diagnostics;

namespace MaeLab.System.Tests.Compose;

/// <summary>What <c>USER app</c>, <c>cap_drop</c> and <c>no-new-privileges</c> take from a container, for a process: where the tests are root.</summary>
internal static class Permissions
{
    /// <summary>The user <c>app</c> of Microsoft's images.</summary>
    private const string User = "1654";

    /// <summary>To be put before a command.</summary>
    public static IReadOnlyList<string> GiveUpRoot =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", User, "--regid", User, "--clear-groups", "--bounding-set=-all", "--no-new-privs"] : [];

    public static void LetAllRead(string folder) => Change("chmod", "755", folder);

    /// <summary>As a volume that takes its owner over from the image.</summary>
    public static void GiveAway(string folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Change("chown", $"{User}:{User}", folder);
        }
    }

    private static void Change(string program, string to, string folder)
    {
        using var change = Process.Start(program, [to, folder]);
        change.WaitForExit();
        Assert.Equal(0, change.ExitCode);
    }
}
