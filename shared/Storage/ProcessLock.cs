using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MaeLab.Storage;

/// <summary>
/// A lock that one process at a time holds, for as long as it lives and reaches the database: a session lock of
/// PostgreSQL on a connection of its own, or a locked file beside the one of SQLite.
/// </summary>
public abstract class ProcessLock : IAsyncDisposable
{
    // The letters "Sched" as a number: any constant will do, as long as it stays the same.
    private const long AdvisoryLock = 0x5363686564;

    /// <returns>Null while another process holds it.</returns>
    public static async Task<ProcessLock?> TryTakeAsync(IDbContextFactory<MaeLabDb> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connectionString = db.Database.GetConnectionString()!;
        if (db is PostgresDb)
        {
            return await SessionLock.TryTakeAsync(connectionString, cancellationToken);
        }

        return TryOpen(new SqliteConnectionStringBuilder(connectionString).DataSource + ".scheduler") is { } file ? new FileLock(file) : null;
    }

    /// <summary>Waits, and asks then whether it is still ours; to be called again and again, for a session without a word is ended.</summary>
    /// <exception cref="NpgsqlException">The session is gone, and the lock with it. Thrown as soon as that is known.</exception>
    public abstract Task HoldAsync(TimeSpan time, CancellationToken cancellationToken);

    /// <summary>Lets go of it.</summary>
    public abstract ValueTask DisposeAsync();

    /// <returns>A file that only one process can hold, and that the system lets go of when the process dies; null while another has it.</returns>
    internal static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.Asynchronous);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private sealed class SessionLock(NpgsqlConnection connection) : ProcessLock
    {
        /// <summary>
        /// A process that is stopped, or whose machine is gone, keeps its session. So the server ends one that says nothing
        /// for as long (PostgreSQL 14 and newer; the older know no such setting, and wait for the network to tell).
        /// </summary>
        private const string EndSilentSession = "SELECT set_config(name, '10s', false) FROM pg_settings WHERE name = 'idle_session_timeout'";

        public static async Task<ProcessLock?> TryTakeAsync(string connectionString, CancellationToken cancellationToken)
        {
            // Not from the pool: a connection given back there keeps its session, and with it the lock.
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
            {
                Pooling = false,
                Timeout = 3,
                CommandTimeout = 3,
                CancellationTimeout = -1, // what does not answer is given up at once
            }.ConnectionString);
            var taken = false;
            try
            {
                await connection.OpenAsync(cancellationToken);
                await AskAsync(connection, EndSilentSession, cancellationToken);
                taken = (bool)(await AskAsync(connection, $"SELECT pg_try_advisory_lock({AdvisoryLock})", cancellationToken))!;
                return taken ? new SessionLock(connection) : null;
            }
            finally
            {
                if (!taken)
                {
                    await connection.DisposeAsync();
                }
            }
        }

        public override async Task HoldAsync(TimeSpan time, CancellationToken cancellationToken)
        {
            // For a word of the server, which has none to say but that the connection ends.
            await connection.WaitAsync(time, cancellationToken);
            await AskAsync(connection, "SELECT true", cancellationToken);
        }

        public override ValueTask DisposeAsync() => connection.DisposeAsync();

        private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(cancellationToken);
        }
    }

    private sealed class FileLock(FileStream file) : ProcessLock
    {
        public override Task HoldAsync(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, cancellationToken);

        public override ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
