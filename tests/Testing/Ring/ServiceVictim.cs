using System.Globalization;
using MaeLab.Testing.Faults;

namespace MaeLab.Testing.Ring;

/// <summary>A service over all the lives that faults leave it: always the same program, port and environment.</summary>
public sealed class ServiceVictim(string name, string program, int port, IReadOnlyDictionary<string, string> environment) : IVictim, IAsyncDisposable
{
    private readonly List<ServiceProcess> _lives = [];

    public string Name { get; } = name;

    public Uri Address { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    /// <summary>What its present life said last, for a failed test's message.</summary>
    public string Output => _lives[^1].OutputOf(lines: 10);

    /// <summary>All that its lives said.</summary>
    public string History => string.Join(Environment.NewLine, _lives.Select((life, index) => $"### {Name}, life {index + 1} {life.OutputOf(int.MaxValue)}"));

    /// <summary>Returns once the process has begun; ready it is later.</summary>
    public Task StartAsync()
    {
        _lives.Add(ServiceProcess.Start(program, port, environment));
        return Task.CompletedTask;
    }

    public Task WaitUntilReadyAsync(HttpClient http, CancellationToken cancellationToken) => _lives[^1].WaitUntilReadyAsync(http, cancellationToken);

    public Task KillAsync() => _lives[^1].KillAsync();

    public Task StopAsync() => _lives[^1].StopAsync();

    public Task FreezeAsync() => _lives[^1].SignalAsync(Signals.Stop);

    public Task ThawAsync() => _lives[^1].SignalAsync(Signals.Continue);

    public async ValueTask DisposeAsync()
    {
        foreach (var life in _lives)
        {
            await life.DisposeAsync();
        }
    }
}
