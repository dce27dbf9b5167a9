using System.Diagnostics;

namespace MaeLab.System.Tests.Faults.Kinds;

/// <summary>Another process writes to the disk that database and broker are on: as much as it takes, 200 MB/s at most, none of it left in memory.</summary>
internal sealed class NoisyNeighbour : IFault, IDisposable
{
    private const string Script = "while :; do dd if=/dev/zero of=\"$1\" bs=1M count=200 conv=fdatasync 2>/dev/null & sleep 1; wait $! || exit 1; done";

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
        Assert.False(_writer!.HasExited, $"{_file} could not be written: there was no noise.");
        _writer.Kill(entireProcessTree: true);
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
