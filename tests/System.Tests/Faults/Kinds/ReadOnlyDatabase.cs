using Npgsql;

namespace MaeLab.System.Tests.Faults.Kinds;

/// <summary>The server takes no writes, on connections old and new: a failover that has left a replica in its place.</summary>
internal sealed class ReadOnlyDatabase(FaultRing ring) : IFault
{
    public string Name => "read-only database";

    public Task BeginAsync() => SetAsync("on");

    public Task EndAsync() => SetAsync("off");

    private async Task SetAsync(string word)
    {
        await using var connection = new NpgsqlConnection($"{ring.Storage.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        foreach (var sql in new[] { $"ALTER SYSTEM SET default_transaction_read_only = {word}", "SELECT pg_reload_conf()" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
