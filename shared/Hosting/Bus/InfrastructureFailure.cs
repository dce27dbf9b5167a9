using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace MaeLab.Hosting.Bus;

/// <summary>Tells failures of the surroundings, which pass, from failures of the message or of our code, which do not.</summary>
public static class InfrastructureFailure
{
    /// <summary>
    /// SQLSTATEs that pass although their driver does not say so: a database that the scheduler has yet to create, a server
    /// that a failover has left read-only for now, and one that ended a transaction because its client was too slow.
    /// </summary>
    private static readonly string[] s_passing = ["3D000", "25006", "25P03"];

    /// <summary>SQLite's BUSY, LOCKED, READONLY and FULL: another process has the file, or the disk has no room for now.</summary>
    private static readonly int[] s_passingOfSqlite = [5, 6, 8, 13];

    public static bool Is(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException { IsTransient: true } or SocketException or TimeoutException or IOException
                || (cause is DbException { SqlState: { } state } && s_passing.Contains(state))
                || (cause is SqliteException { SqliteErrorCode: var code } && s_passingOfSqlite.Contains(code)))
            {
                return true;
            }
        }

        return false;
    }
}
