using System.Data.Common;
using System.Net.Sockets;

namespace MaeLab.Hosting.Bus;

/// <summary>Tells failures of the surroundings, which pass, from failures of the message or of our code, which do not.</summary>
public static class InfrastructureFailure
{
    public static bool Is(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException { IsTransient: true } or SocketException or TimeoutException or IOException)
            {
                return true;
            }
        }

        return false;
    }
}
