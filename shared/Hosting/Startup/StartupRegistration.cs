using MaeLab.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MaeLab.Hosting.Startup;

public static class StartupRegistration
{
    /// <summary>Makes the <see cref="StartupGate"/> wait for this too. Probes are asked in the order they were added.</summary>
    public static IServiceCollection AddStartupProbe(
        this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task<bool>> isReady, Func<Exception, bool>? ends = null)
    {
        services.AddSingleton(new StartupProbe(name, isReady) { Ends = ends ?? (_ => false) });
        services.TryAddSingleton(TimeProvider.System);
        if (services.Any(service => service.ServiceType == typeof(StartupGate)))
        {
            return services;
        }

        services.AddSingleton<StartupGate>();
        services.AddHostedService(provider => provider.GetRequiredService<StartupGate>());
        services.AddHealthChecks().AddCheck<StartupGate>("startup", tags: [HealthEndpoints.ReadyTag]);
        return services;
    }
}
