using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PgFleet.Platform;

namespace PgFleet.Protocols.Pulumi;

/// <summary>
/// Authenticates the client. Pulumi's protocol has no credentials, and this process may act as root, so it serves only its own user and root. The kernel
/// reports the owner of the other end of a loopback connection.
/// </summary>
internal static partial class Peer
{
    private const string Established = "01";
    private const string NoInode = "0";
    private const int TcpInfo = 11; // TCP_INFO (tcp(7)): its first byte is the state
    private const byte IsEstablished = 1;
    private const int Attempts = 5;

    /// <summary>Closes a connection of another user, and one whose owner is not found, before any byte of it is read.</summary>
    public static void RequireOwnUser(this ListenOptions listen) => listen.Use(next => async connection =>
    {
        if (await IsTrustedAsync(connection))
        {
            await next(connection);
        }
        else
        {
            connection.Abort();
        }
    });

    private static async Task<bool> IsTrustedAsync(ConnectionContext connection)
    {
        var (user, attempts) = ((uint?)null, 0);
        await Poll.UntilAsync(
            Poll.Interval,
            TimeProvider.System,
            _ =>
            {
                user = connection.Features.Get<IConnectionSocketFeature>() is { Socket: var accepted } ? FindUser(accepted) : null;
                return Task.FromResult(user is not null || ++attempts == Attempts);
            },
            CancellationToken.None);
        return user == 0 || user == EffectiveUser();
    }

    /// <summary>The owner of the socket at the other end of an accepted connection; null when there is none.</summary>
    /// <remarks>
    /// After a reset, data of a connection can still be read although both its ports are free, and the kernel may reuse them for the next connection.
    /// While the connection is open they are its own, so that is checked last.
    /// </remarks>
    public static uint? FindUser(Socket accepted) =>
        accepted is { LocalEndPoint: IPEndPoint here, RemoteEndPoint: IPEndPoint there } && FindUser(there, here) is { } user && IsOpen(accepted) ? user : null;

    /// <remarks>
    /// proc(5), /proc/net/tcp: fields two to four are local address, remote address and state; eight and ten are user and inode. A closed socket is still
    /// listed for a while, as root's and without an inode.
    /// </remarks>
    private static uint? FindUser(IPEndPoint near, IPEndPoint far)
    {
        var (from, to) = (Port(near), Port(far));
        return Rows().Where(row => row.Contains(from, StringComparison.Ordinal) && row.Contains(to, StringComparison.Ordinal))
            .Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(row => row.Length > 9 && row[3] == Established && row[9] != NoInode && IsEnd(row[1], near) && IsEnd(row[2], far))
            .Select(row => (uint?)uint.Parse(row[7], CultureInfo.InvariantCulture))
            .FirstOrDefault();
    }

    private static bool IsOpen(Socket accepted)
    {
        try
        {
            Span<byte> state = stackalloc byte[1];
            return accepted.GetRawSocketOption((int)SocketOptionLevel.Tcp, TcpInfo, state) == 1 && state[0] == IsEstablished;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <remarks>A client's IPv6 socket may be connected to an IPv4 address.</remarks>
    private static IEnumerable<string> Rows() => ((string[])["/proc/self/net/tcp", "/proc/self/net/tcp6"]).Where(File.Exists).SelectMany(File.ReadLines);

    /// <summary>Compares an address: each four bytes are one number in the machine's byte order; the port is written most significant digit first.</summary>
    private static bool IsEnd(string written, IPEndPoint end) => written == Written(end.Address.MapToIPv4(), end) || written == Written(end.Address.MapToIPv6(), end);

    private static string Written(IPAddress address, IPEndPoint end) =>
        string.Concat(MemoryMarshal.Cast<byte, uint>(address.GetAddressBytes()).ToArray().Select(word => word.ToString("X8", CultureInfo.InvariantCulture))) + Port(end);

    private static string Port(IPEndPoint end) => ":" + end.Port.ToString("X4", CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
