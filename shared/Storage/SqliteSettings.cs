using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MaeLab.Storage;

/// <summary>
/// What each SQLite connection is told when it opens. WAL itself is a property of the file, set by the migrator.
/// With it and synchronous=normal a power cut may take the last commits, never the consistency.
/// </summary>
internal sealed class SqliteSettings : DbConnectionInterceptor
{
    // busy_timeout: writers of the one-process product wait for each other; none holds the lock for long.
    private const string Pragmas = "PRAGMA foreign_keys=ON; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=10000;";

    public static SqliteSettings Instance { get; } = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
