using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MaeLab.Storage;

/// <summary>Makes the context factory of either database; the only place that knows how each is set up.</summary>
public static class DatabaseFactory
{
    /// <summary>
    /// A process that lost its power or its network in the middle of a transaction keeps its locks until the server
    /// notices, by default after two hours. So it is gone after some ten seconds.
    /// </summary>
    private const string PostgresSettings =
        "-c idle_in_transaction_session_timeout=10s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3";

    /// <param name="interceptors">More eyes on what EF does; tests break commits through them.</param>
    /// <returns>A factory that pools contexts. It holds no connection open of its own.</returns>
    public static IDbContextFactory<MaeLabDb> Create(
        StorageOptions options, ILoggerFactory? loggers = null, params IInterceptor[] interceptors) => options.Provider switch
        {
            StorageProvider.Postgres => new Factory<PostgresDb>(PostgresOptions(options.ConnectionString, loggers, interceptors)),
            StorageProvider.Sqlite => new Factory<SqliteDb>(SqliteOptions(options.ConnectionString, loggers, interceptors)),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Provider, "Unknown storage provider."),
        };

    /// <summary>Closes the files of SQLite databases that nobody uses at the moment, so that they can be removed.</summary>
    public static void CloseIdleFiles() => SqliteConnection.ClearAllPools();

    internal static DbContextOptions<PostgresDb> PostgresOptions(
        string connectionString, ILoggerFactory? loggers = null, params IInterceptor[] interceptors) =>
        new DbContextOptionsBuilder<PostgresDb>()
            .UseNpgsql(WithSettings(connectionString))
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

    /// <summary>
    /// Options that the connection string has of its own take the place of ours. Nothing that we do changes a session beyond its transaction,
    /// so none is reset when it goes back to the pool: that is five statements before the first of every use.
    /// </summary>
    private static string WithSettings(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Options ??= PostgresSettings;
        builder.NoResetOnClose = true;
        return builder.ConnectionString;
    }

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
