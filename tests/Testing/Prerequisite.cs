using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace MaeLab.Testing;

/// <summary>What a test needs and the machine may not have: its absence skips on a developer's machine and fails where CI is set.</summary>
public static class Prerequisite
{
    public static bool IsCi => Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ci && ci != "false";

    [DoesNotReturn]
    public static void Missing(string what)
    {
        if (IsCi)
        {
            Assert.Fail($"Missing prerequisite: {what}");
        }

        Assert.Skip(what);
    }
}
