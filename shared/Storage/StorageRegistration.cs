using MaeLab.Storage.Archives;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Interchange;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MaeLab.Storage;

public static class StorageRegistration
{
    /// <summary>
    /// Registers <c>IDbContextFactory&lt;MaeLabDb&gt;</c>, the metric reader and the stores, from configuration section <c>Storage</c>.
    /// Calling it twice is harmless (the one-process host composes all services).
    /// </summary>
    public static IServiceCollection AddMaeLabStorage(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(s => s.ServiceType == typeof(IDbContextFactory<MaeLabDb>)))
        {
            return services;
        }

        services.AddOptions<StorageOptions>()
            .Configure(options => Bind(configuration.GetSection(StorageOptions.Section), options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton(p => DatabaseFactory.Create(p.GetRequiredService<IOptions<StorageOptions>>().Value, p.GetService<ILoggerFactory>()));

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<MetricReader>();
        services.AddSingleton<CheckpointStore>();
        services.AddSingleton<EvaluationStateStore>();
        services.AddSingleton<RunResultStore>();
        services.AddSingleton<MetricExport>();
        services.AddSingleton<ExperimentExport>();
        services.AddSingleton<ExperimentImport>();
        return services;
    }

    /// <summary>Brings the database to the newest schema, creating it where it is missing.</summary>
    /// <exception cref="NewerDatabaseException">The database is newer than this program.</exception>
    public static Task MigrateAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        DatabaseMigrator.MigrateAsync(services.GetRequiredService<IDbContextFactory<MaeLabDb>>(), cancellationToken);

    /// <summary>True once the database has every migration that this program knows. Only reads, so any service may ask.</summary>
    /// <inheritdoc cref="MigrateAsync"/>
    public static Task<bool> IsMigratedAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        DatabaseMigrator.IsMigratedAsync(services.GetRequiredService<IDbContextFactory<MaeLabDb>>(), cancellationToken);

    /// <inheritdoc cref="DatabaseMigrator.ProblemAsync"/>
    public static Task<string?> ProblemAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        DatabaseMigrator.ProblemAsync(services.GetRequiredService<IDbContextFactory<MaeLabDb>>(), cancellationToken);

    /// <summary>An unknown key or a value of the wrong type is listed with whatever else is wrong with the settings.</summary>
    private static void Bind(IConfigurationSection section, StorageOptions options)
    {
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException error)
        {
            throw new OptionsValidationException(StorageOptions.Section, typeof(StorageOptions), [$"{StorageOptions.Section}: {error.Message}"]);
        }
    }
}
