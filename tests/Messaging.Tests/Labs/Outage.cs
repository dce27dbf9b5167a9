using MaeLab.Testing.Databases;
using Npgsql;

namespace MaeLab.Messaging.Tests.Labs;

/// <summary>One database of the server is away, for everybody.</summary>
internal static class Outage
{
    public static Task BeginAsync(TestDatabase database) => ExecuteAsync(database, (name) =>
        $"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");

    public static Task EndAsync(TestDatabase database) => ExecuteAsync(database, name => $"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true");

    private static async Task ExecuteAsync(TestDatabase database, Func<string, string> sql)
    {
        var address = new NpgsqlConnectionStringBuilder(database.Options.ConnectionString);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(address.ConnectionString) { Database = "postgres" }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql(address.Database!), connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
