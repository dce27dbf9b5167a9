using MaeLab.Hosting.Bus;
using MaeLab.Hosting.Startup;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <summary>
/// The links that web logs: whoever reads its log is let in once, as with Jupyter. Without accounts such a link opens the pages; with
/// accounts, and as long as there is no user, it creates the first administrator.
/// </summary>
public sealed partial class AccessLink(
    OneTimeKey key, IOptions<WebOptions> options, IServer server, IHostApplicationLifetime lifetime, StartupGate gate, FirstAdmin firstAdmin, ILogger<AccessLink> logger) : BackgroundService
{
    private static readonly TimeSpan s_askAgain = TimeSpan.FromSeconds(5);

    public const string OpenPath = "/open";
    public const string SetUpPath = "/set-up";

    /// <summary>Where there is no link that still opens, the log shows another one.</summary>
    public void LogIfUsed()
    {
        if (key.RenewIfUsed() is { } fresh)
        {
            Log($"{(options.Value.Access == AccessMode.Local ? OpenPath : SetUpPath)}?key={fresh}");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Only then are addresses known, also those of a port that the system chose.
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        if (options.Value.Access == AccessMode.Local)
        {
            LogIfUsed();
            return;
        }

        await gate.WaitAsync(stoppingToken);
        while (!await TryInviteAsync(stoppingToken))
        {
            await Task.Delay(s_askAgain, stoppingToken);
        }
    }

    /// <returns>False where the database did not answer.</returns>
    private async Task<bool> TryInviteAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await firstAdmin.HasUsersAsync(cancellationToken) && !await firstAdmin.CreateByOptionsAsync(cancellationToken))
            {
                LogIfUsed();
            }

            return true;
        }
        catch (Exception error) when (InfrastructureFailure.Is(error))
        {
            LogAway(error);
            return false;
        }
    }

    private void Log(string path)
    {
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            var link = address.TrimEnd('/') + path;
            if (options.Value.Access == AccessMode.Local)
            {
                LogOpen(link);
            }
            else
            {
                LogSetUp(link);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Open MaeLab, once, by {Link}")]
    private partial void LogOpen(string link);

    [LoggerMessage(LogLevel.Warning, "There is no user yet. Create the first administrator by {Link}")]
    private partial void LogSetUp(string link);

    [LoggerMessage(LogLevel.Warning, "Whether there is a user yet is not known: the database does not answer")]
    private partial void LogAway(Exception error);
}
