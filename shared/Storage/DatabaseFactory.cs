using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;

namespace MaeLab.Storage;

/// <summary>Makes the context factory of either database; the only place that knows how each is set up.</summary>
public static class DatabaseFactory
{
    /// <param name="interceptors">More eyes on what EF does; tests break commits through them.</param>
    /// <returns>A factory that pools contexts. It holds no connection open of its own.</returns>
    public static IDbContextFactory<MaeLabDb> Create(
        StorageOptions options, ILoggerFactory? loggers = null, params IInterceptor[] interceptors) => options.Provider switch
        {
            StorageProvider.Postgres => new Factory<PostgresDb>(PostgresOptions(options.ConnectionString, loggers, interceptors)),
            StorageProvider.Sqlite => new Factory<SqliteDb>(SqliteOptions(options.ConnectionString, loggers, interceptors)),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Provider, "Unknown storage provider."),
        };

    internal static DbContextOptions<PostgresDb> PostgresOptions(
        string connectionString, ILoggerFactory? loggers = null, params IInterceptor[] interceptors) =>
        new DbContextOptionsBuilder<PostgresDb>()
            .UseNpgsql(connectionString)
            .UseSnakeCaseNamingConvention()
            .AddInterceptors(interceptors)
            .UseLoggerFactory(loggers)
            .Options;

    internal static DbContextOptions<SqliteDb> SqliteOptions(
        string connectionString, ILoggerFactory? loggers = null, params IInterceptor[] interceptors) =>
        new DbContextOptionsBuilder<SqliteDb>()
            .UseSqlite(connectionString)
            .UseSnakeCaseNamingConvention()
            .AddInterceptors([SqliteSettings.Instance, .. interceptors])
            .UseLoggerFactory(loggers)
            .Options;

    /// <summary>Hands out the provider's context as the one that everybody asks for.</summary>
    private sealed class Factory<TContext>(DbContextOptions<TContext> options) : IDbContextFactory<MaeLabDb>
        where TContext : MaeLabDb
    {
        private readonly PooledDbContextFactory<TContext> _pool = new(options);

        public MaeLabDb CreateDbContext() => _pool.CreateDbContext();

        public async Task<MaeLabDb> CreateDbContextAsync(CancellationToken cancellationToken = default) =>
            await _pool.CreateDbContextAsync(cancellationToken);
    }
}
