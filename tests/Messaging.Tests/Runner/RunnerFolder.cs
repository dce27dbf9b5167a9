using MaeLab.Runner;
using Microsoft.Extensions.Options;

namespace MaeLab.Messaging.Tests.Runner;

/// <summary>A runner's data folder of one test, gone when disposed.</summary>
internal sealed class RunnerFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("maelab-runner-").FullName;

    /// <summary>What a process started on it would be.</summary>
    public RunnerIdentity Open() => new(Options.Create(new RunnerOptions { DataFolder = _path }), TimeProvider.System);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
