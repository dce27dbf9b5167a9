using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace MaeLab.Hosting.Health;

/// <summary>
/// Asks a part of the surroundings, whenever readiness is asked for, whether it can be worked with. The answer holds for a second, however
/// many ask: anybody may, without a token.
/// </summary>
/// <param name="problem">Gives what is wrong with the part, or null. An exception is wrong too, and goes to the log alone: it may name hosts and users.</param>
public sealed partial class ReadinessCheck(
    string part, Func<IServiceProvider, CancellationToken, Task<string?>> problem, IServiceProvider services, TimeProvider time, ILogger<ReadinessCheck> logger)
    : IHealthCheck
{
    /// <summary>Less than whoever asks is likely to wait.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_holds = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthCheckResult>? _answer;
    private long _askedAt;
    private bool _wasWrong;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_answer is null || (_answer.IsCompleted && time.GetElapsedTime(_askedAt) >= s_holds))
            {
                (_answer, _askedAt) = (AskAsync(), time.GetTimestamp());
            }

            return _answer.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> AskAsync()
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        try
        {
            // Waited for from outside as well: not every path of a driver listens to its token.
            return Say(await problem(services, patience.Token).WaitAsync(patience.Token));
        }
        catch (Exception error)
        {
            return Say($"The {part} does not answer; the log says why.", error);
        }
    }

    private HealthCheckResult Say(string? wrong, Exception? error = null)
    {
        if (wrong is not null && !_wasWrong)
        {
            LogWrong(error, part, wrong);
        }
        else if (wrong is null && _wasWrong)
        {
            LogRight(part);
        }

        _wasWrong = wrong is not null;
        return wrong is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(wrong);
    }

    [LoggerMessage(LogLevel.Warning, "Not ready for work: {Part}. {Problem}")]
    private partial void LogWrong(Exception? error, string part, string problem);

    [LoggerMessage(LogLevel.Information, "Ready again: {Part}")]
    private partial void LogRight(string part);
}

public static class ReadinessCheckRegistration
{
    /// <summary>Readiness depends on this part too. Twice is once: the one-process product composes all services.</summary>
    /// <inheritdoc cref="ReadinessCheck"/>
    public static IServiceCollection AddReadinessCheck(
        this IServiceCollection services, string part, Func<IServiceProvider, CancellationToken, Task<string?>> problem)
    {
        if (services.Any(service => service.IsKeyedService && service.ServiceType == typeof(ReadinessCheck) && part.Equals(service.ServiceKey)))
        {
            return services;
        }

        services.AddKeyedSingleton(part, (provider, _) => new ReadinessCheck(
            part, problem, provider, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ReadinessCheck>>()));
        services.AddHealthChecks().Add(new(
            part, provider => provider.GetRequiredKeyedService<ReadinessCheck>(part), HealthStatus.Unhealthy, [HealthEndpoints.ReadyTag]));
        return services;
    }
}
