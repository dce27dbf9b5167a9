using System.Globalization;
using MaeLab.Testing;
using MaeLab.Testing.Nodes;
using Npgsql;

namespace MaeLab.System.Tests.Faults;

/// <summary>What an operator tells a primary that a standby follows.</summary>
internal static class Replication
{
    /// <summary>From now on it confirms a commit once a standby has it too: no answer outlives what it speaks of.</summary>
    public static async Task ConfirmByStandbyAsync(ServerNode primary, CancellationToken cancellationToken)
    {
        await ReadAsync(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'", cancellationToken);
        await ReadAsync(primary, "SELECT pg_reload_conf()", cancellationToken);
        await Eventually.GetAsync(
            "synchronous standby",
            async () => await ReadAsync(primary, "SELECT application_name FROM pg_stat_replication WHERE sync_state = 'sync'", cancellationToken) is string name ? name : null);
    }

    private static async Task<object?> ReadAsync(ServerNode server, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={server.Port};Username=maelab;Database=postgres;Pooling=false"));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
