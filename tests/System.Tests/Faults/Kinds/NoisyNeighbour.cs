using System.Diagnostics;

namespace MaeLab.System.Tests.Faults.Kinds;

/// <summary>Another process writes 200 MB/s to the disk that database and broker are on.</summary>
internal sealed class NoisyNeighbour : IFault, IDisposable
{
    private const string Script = "while :; do dd if=/dev/zero of=\"$1\" bs=1M count=200 2>/dev/null & sleep 1; wait; done";

    private readonly string _file = Path.GetTempFileName();
    private Process? _writer;

    public string Name => "noisy neighbour";

    public Task BeginAsync()
    {
        _writer = Process.Start("bash", ["-c", Script, "-", _file]);
        return Task.CompletedTask;
    }

    public async Task EndAsync()
    {
        _writer!.Kill(entireProcessTree: true);
        await _writer.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (_writer is { HasExited: false })
        {
            _writer.Kill(entireProcessTree: true);
        }

        _writer?.Dispose();
        File.Delete(_file);
    }
}
