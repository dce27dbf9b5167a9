using Npgsql;

namespace MaeLab.Storage;

internal static class PreparedCommands
{
    /// <summary>
    /// Prepared once a connection: to plan a small statement takes PostgreSQL longer than to carry it out. Only for statements whose
    /// plan stays right while their tables grow.
    /// </summary>
    public static async Task<NpgsqlCommand> PreparedAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.PrepareAsync(cancellationToken);
        return command;
    }
}
