using MaeLab.Hosting.Health;
using MaeLab.Hosting.Options;
using MaeLab.Hosting.Startup;
using MaeLab.Scheduler.Intake;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Scheduler.Placement;
using MaeLab.Scheduler.Standby;
using MaeLab.Scheduler.Watchdog;
using MaeLab.Scheduler.Webhooks;
using MaeLab.Storage;

namespace MaeLab.Scheduler;

public static class SchedulerRegistration
{
    /// <summary>Everything of the scheduler but its consumers, which <see cref="SchedulerConsumers"/> gives to the bus of the process.</summary>
    public static IServiceCollection AddMaeLabScheduler(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMaeLabStorage(configuration);
        services.AddCheckedOptions<SchedulerOptions>(configuration, SchedulerOptions.Section);
        services.AddCheckedOptions<WebhookOptions>(configuration, WebhookOptions.Section);

        // The scheduler brings the schema up to date; the other services wait for it.
        services.AddStartupProbe(
            "database (to update its schema)",
            async (provider, cancellationToken) =>
            {
                await StorageRegistration.MigrateAsync(provider, cancellationToken);
                return true;
            },
            ends: error => error is NewerDatabaseException);
        services.AddReadinessCheck("database", StorageRegistration.ProblemAsync);

        // The first to start is the last to stop: the lock outlives whatever is done under it.
        services.AddSingleton<ActiveScheduler>();
        services.AddHostedService(provider => provider.GetRequiredService<ActiveScheduler>());
        services.AddHealthChecks().AddCheck<ActiveScheduler>("scheduler", tags: [HealthEndpoints.ReadyTag]);

        services.AddSingleton<RunHints>();
        services.AddSingleton<RunnerOrders>();
        services.AddSingleton<RunLifecycle>();
        services.AddSingleton<RunDeletion>();
        services.AddSingleton<RunnerSilence>();
        services.AddSingleton<QueueOrder>();
        services.AddSingleton<TheoryRequests>();
        services.AddSingleton<ForeignAttempts>();
        services.AddSingleton<QueueReader>();
        services.AddSingleton<RunAssigner>();
        services.AddSingleton<PlacementLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<PlacementLoop>());
        services.AddHostedService<Echo>();
        services.AddHostedService<LeaseWatch>();
        services.AddHostedService<RunRemoval>();
        services.AddHostedService<QueueGauges>();
        services.AddSingleton<WebhookClient>();
        services.AddHostedService<WebhookSender>();
        return services;
    }
}
