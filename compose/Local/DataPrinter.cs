namespace MaeLab.Local;

/// <summary>Says what is worked on and how to stop, once web has logged the link to open.</summary>
internal sealed class DataPrinter(IHostApplicationLifetime lifetime, LocalSettings settings) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Print);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Print() => Console.WriteLine(settings.Opened.Count > 0
        ? "\n  Opened read-only   Stop: Ctrl-C\n"
        : $"\n  Data: {settings.DataFolder}   Stop: Ctrl-C (runs go on from their checkpoint next time)\n");
}
