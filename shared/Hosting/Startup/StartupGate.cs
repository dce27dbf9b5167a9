using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MaeLab.Hosting.Startup;

/// <summary>
/// Closed until every <see cref="StartupProbe"/> has said yes. The host itself starts at once and answers its health
/// endpoints; background work and consumers wait here. Where a probe ends the program it never opens.
/// </summary>
public sealed partial class StartupGate(
    IEnumerable<StartupProbe> probes, IServiceProvider services, IHostApplicationLifetime program, TimeProvider time, ILogger<StartupGate> logger)
    : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan s_askAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_sayAgain = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _waitingFor = "";

    /// <summary>Why the program ends before it has begun; null unless it does.</summary>
    public string? Refusal { get; private set; }

    public Task WaitAsync(CancellationToken cancellationToken) => _open.Task.WaitAsync(cancellationToken);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_open.Task.IsCompletedSuccessfully
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"Waiting for {_waitingFor}."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var probe in probes)
        {
            _waitingFor = probe.Name;
            try
            {
                await WaitForAsync(probe, stoppingToken);
            }
            catch (Exception error) when (probe.Ends(error))
            {
                Refusal = error.Message;
                program.StopApplication();
                return;
            }
        }

        _open.SetResult();
    }

    private async Task WaitForAsync(StartupProbe probe, CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        TimeSpan? saidAt = null;
        while (true)
        {
            Exception? problem = null;
            try
            {
                if (await probe.IsReady(services, stoppingToken))
                {
                    LogReady(time.GetElapsedTime(began).TotalSeconds, probe.Name);
                    return;
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested && !probe.Ends(error))
            {
                problem = error;
            }

            var waited = time.GetElapsedTime(began);
            if (saidAt is null || waited - saidAt >= s_sayAgain)
            {
                saidAt = waited;
                LogWaiting(problem, probe.Name, waited.TotalSeconds);
            }

            await Task.Delay(s_askAgain, time, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Ready after {Seconds:F1} s: {Name}")]
    private partial void LogReady(double seconds, string name);

    [LoggerMessage(LogLevel.Warning, "Waiting for {Name}, for {Seconds:F0} s so far; asking again every second")]
    private partial void LogWaiting(Exception? problem, string name, double seconds);
}
