using System.Net;
using System.Net.Sockets;

namespace PgFleet.Shared;

internal static class FreePort
{
    /// <summary>Finds a free port below the range of outgoing connections, so that no client takes it before a server does.</summary>
    public static int Find()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }
}
