using MaeLab.Engine.Probes;
using MaeLab.Engine.Training;
using MaeLab.Hosting.Health;
using MaeLab.Hosting.Options;
using MaeLab.Hosting.Startup;
using MaeLab.Runner.Execution;
using MaeLab.Runner.Machine;
using MaeLab.Runner.Spooling;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MaeLab.Runner;

public static class RunnerRegistration
{
    /// <summary>Everything of a runner but its consumers, which <see cref="RunnerConsumers"/> gives to the bus of the process.</summary>
    public static IServiceCollection AddMaeLabRunner(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMaeLabStorage(configuration);
        services.AddCheckedOptions<RunnerOptions>(configuration, RunnerOptions.Section);
        services.AddStartupProbe("database schema (made by the scheduler)", StorageRegistration.IsMigratedAsync, ends: error => error is NewerDatabaseException);
        services.AddReadinessCheck("database", StorageRegistration.ProblemAsync);

        // The engine, as far as the service sees it; tests put a quick stand-in before it.
        services.TryAddSingleton<TrainingLoop>(Trainer.Run);
        services.TryAddSingleton<TheoryLoop>(TheoryExamination.Run);
        services.TryAddSingleton(_ => new Lazy<RunnerHardware>(RunnerHardware.Detect));
        services.TryAddSingleton(provider =>
            OfferedDatasets.Find(provider.GetRequiredService<IOptions<RunnerOptions>>(), provider.GetRequiredService<ILogger<OfferedDatasets>>()));

        services.AddSingleton<RunnerIdentity>();
        services.AddSingleton<DatabasePatience>();
        services.AddSingleton<FactOutbox>();
        services.AddSingleton<ShippingStores>();
        services.AddSingleton<TrainingRate>();
        services.AddSingleton<ResourceSampler>();
        services.AddSingleton<MemoryBook>();
        services.AddSingleton<AttemptWork>();
        services.AddSingleton<SlotBook>();
        services.AddHostedService(provider => provider.GetRequiredService<FactOutbox>());
        services.AddHostedService(provider => provider.GetRequiredService<ResourceSampler>());
        services.AddHostedService<LeftSpools>();
        services.AddHostedService<RunnerReporter>();
        services.AddHostedService<CheckpointCollector>();
        services.AddHostedService<Calibration>();
        services.AddHostedService<RunnerShutdown>();
        return services;
    }
}
