using System.Net;
using System.Net.Sockets;

namespace MaeLab.Testing.Nodes;

public static class FreePorts
{
    // Below the range from which the system takes ports for outgoing connections (32768 on Linux), or one of those
    // could take a port between our look and the server's start.
    private const int Lowest = 20000;
    private const int Highest = 32000;

    /// <returns>The first of <paramref name="count"/> consecutive ports that are free on the loopback interface.</returns>
    public static int Find(int count = 1)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var first = Random.Shared.Next(Lowest, Highest - count);
            if (Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }

        throw new InvalidOperationException($"No {count} free ports in a row between {Lowest} and {Highest}.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
