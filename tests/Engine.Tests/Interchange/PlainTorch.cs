using System.Diagnostics;

namespace MaeLab.Engine.Tests.Interchange;

/// <summary>Plain PyTorch in a process of its own: Debian's python3-torch, or whatever python3 has.</summary>
internal static class PlainTorch
{
    private static readonly Lazy<string?> s_python = new(() => new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(HasTorch));

    /// <summary>Skips the test where there is no PyTorch: it is too large to be asked of every machine.</summary>
    public static void Run(string script, params string[] arguments)
    {
        Assert.SkipWhen(s_python.Value is null, "PyTorch is not installed (apt-get install python3-torch).");
        var (code, errors) = Start(s_python.Value!, [Path.Combine(AppContext.BaseDirectory, "Interchange", script), .. arguments]);
        Assert.True(code == 0, errors);
    }

    private static bool HasTorch(string python)
    {
        try
        {
            return Start(python, ["-c", "import torch, numpy"]).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No such program.
            return false;
        }
    }

    private static (int Code, string Errors) Start(string python, string[] arguments)
    {
        // -B: no __pycache__ beside the scripts.
        using var process = Process.Start(new ProcessStartInfo(python, ["-B", .. arguments]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
