using System.Data.Common;
using System.Net.Sockets;

namespace MaeLab.Hosting.Bus;

/// <summary>Tells failures of the surroundings, which pass, from failures of the message or of our code, which do not.</summary>
public static class InfrastructureFailure
{
    /// <summary>
    /// SQLSTATEs that pass although their driver does not say so: a database that the scheduler has yet to create, a server
    /// that a failover has left read-only for now, and one that ended a transaction because its client was too slow.
    /// </summary>
    private static readonly string[] s_passing = ["3D000", "25006", "25P03"];

    /// <summary>
    /// What drivers say in the message alone, to whoever does not reference them. SQLite's BUSY, LOCKED, READONLY and FULL: another process has the
    /// file, or the disk has no room for now. Npgsql's, of several servers: by what it saw some seconds ago none is the primary, so it asks none.
    /// </summary>
    private static readonly string[] s_passingWords =
        ["SQLite Error 5:", "SQLite Error 6:", "SQLite Error 8:", "SQLite Error 13:", "No suitable host was found."];

    public static bool Is(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException { IsTransient: true } or SocketException or TimeoutException or IOException
                || (cause is DbException { SqlState: { } state } && s_passing.Contains(state))
                || (cause is DbException && s_passingWords.Any(start => cause.Message.StartsWith(start, StringComparison.Ordinal))))
            {
                return true;
            }
        }

        return false;
    }
}
