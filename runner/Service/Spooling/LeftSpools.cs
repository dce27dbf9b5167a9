using System.Text.Json;
using MaeLab.Contracts.Facts;
using MaeLab.Hosting.Startup;
using MaeLab.Runner.Execution;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;

namespace MaeLab.Runner.Spooling;

/// <summary>
/// Stores what an earlier process on this folder was killed over, before the first report goes out. Such an attempt is
/// reported as held until all of it is in the database, and let go then: a run whose outcome was among it ends, another goes
/// back into the queue and on from its newest checkpoint.
/// </summary>
public sealed partial class LeftSpools(
    RunnerIdentity identity, SlotBook slots, ShippingStores stores, StartupGate gate, ILogger<LeftSpools> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in Directory.GetDirectories(identity.WorkFolder))
        {
            if (TryFind(folder) is { } spool)
            {
                slots.Hold(new(spool.Order.RunId, spool.Order.Attempt), abandoned => ReplayAsync(spool, abandoned));
            }
            else
            {
                LogNothing(folder);
                AttemptFolder.TryDelete(folder, logger);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Spool? TryFind(string folder)
    {
        try
        {
            return Spool.Find(folder);
        }
        catch (JsonException)
        {
            // Killed while it began: nothing was made yet. Or another version wrote it, of whose items we know as little.
            return null;
        }
    }

    private async Task<RunEnded?> ReplayAsync(Spool spool, CancellationToken abandoned)
    {
        var order = spool.Order;
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["RunId"] = order.RunId, ["Attempt"] = order.Attempt });
        try
        {
            AttemptOutcomeRow? outcome;
            using (spool)
            {
                await gate.WaitAsync(abandoned);
                outcome = await StoreAsync(spool, abandoned);
            }

            LogReplayed(order.RunId, order.Attempt, outcome?.Outcome.ToString() ?? "goes back into the queue");
            AttemptFolder.TryDelete(spool.Folder, logger);
            return outcome is null ? null : new(order.RunId, order.ExperimentId, order.Attempt, order.RunnerId);
        }
        catch (FenceLostException lost)
        {
            LogNotOurs(spool.Folder, lost.Message);
            AttemptFolder.TryDelete(spool.Folder, logger);
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            LogKept(spool.Folder);
        }
        catch (Exception error)
        {
            LogFailed(error, spool.Folder);
        }

        return null;
    }

    private async Task<AttemptOutcomeRow?> StoreAsync(Spool spool, CancellationToken cancellationToken)
    {
        var order = spool.Order;
        var writer = await stores.Patience.DoAsync(
            "the question for its series",
            token => MetricWriter.OpenAsync(stores.Databases, order.RunId, order.Attempt, order.RestoreStep, token),
            _ => false,
            cancellationToken);
        var shipper = new Shipper(spool, writer, stores);
        shipper.Finish();
        try
        {
            return await shipper.RunAsync(cancellationToken);
        }
        catch (SpoolDamagedException torn) when (torn.IsTorn)
        {
            LogTorn(torn.Message);
        }
        catch (SpoolDamagedException damaged)
        {
            LogDamaged(damaged.Message);
        }

        return null;
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId}: all that attempt {Attempt} had left on disk is stored; the run: {Outcome}")]
    private partial void LogReplayed(Guid runId, int attempt, string outcome);

    [LoggerMessage(LogLevel.Warning, "{Folder} is removed: {Reason}")]
    private partial void LogNotOurs(string folder, string reason);

    [LoggerMessage(LogLevel.Warning, "{Folder} is removed: there is no attempt in it")]
    private partial void LogNothing(string folder);

    [LoggerMessage(LogLevel.Warning, "What is in {Folder} is stored when this runner starts the next time")]
    private partial void LogKept(string folder);

    [LoggerMessage(LogLevel.Warning, "{Reason}")]
    private partial void LogTorn(string reason);

    [LoggerMessage(LogLevel.Error, "{Reason}")]
    private partial void LogDamaged(string reason);

    [LoggerMessage(LogLevel.Error, "What is in {Folder} could not be stored; it is tried again when this runner starts the next time")]
    private partial void LogFailed(Exception error, string folder);
}
