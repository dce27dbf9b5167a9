using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MaeLab.Local;

/// <summary>Says where to go, once one can go there.</summary>
internal sealed class AddressPrinter(IServer server, IHostApplicationLifetime lifetime, LocalSettings settings) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Print);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Print()
    {
        var query = settings.Token is { } token ? $"?token={Uri.EscapeDataString(token)}" : "";
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            Console.WriteLine($"\n  MaeLab is at {address.TrimEnd('/')}/{query}");
        }

        Console.WriteLine(settings.Opened.Count > 0
            ? "  Opened read-only   Stop: Ctrl-C\n"
            : $"  Data: {settings.DataFolder}   Stop: Ctrl-C (runs go on from their checkpoint next time)\n");
    }
}
