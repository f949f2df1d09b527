using System.Net;
using System.Net.Sockets;
using PgFleet.Engines.Local;
using PgFleet.Protocols.Pulumi;

namespace PgFleet.Tests.Protocols.Pulumi;

public sealed class PeerTests
{
    private static readonly uint Own = Environment.IsPrivilegedProcess ? 0 : Ownership.FindUser(Environment.UserName)!.User;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task The_owner_of_the_other_end_is_found_as_long_as_it_is_open(string address)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var at = IPAddress.Parse(address);
        using var client = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (at.AddressFamily == AddressFamily.InterNetworkV6)
        {
            client.DualMode = true; // else .NET keeps IPv4 out of it
        }
        await client.ConnectAsync(at, ((IPEndPoint)listener.LocalEndpoint).Port);
        using var accepted = await listener.AcceptSocketAsync();
        var (there, here) = ((IPEndPoint)accepted.RemoteEndPoint!, (IPEndPoint)accepted.LocalEndPoint!);
        Assert.Equal(Own, Peer.FindUser(there, here));

        client.Close(); // the kernel lists it on, as root's
        Assert.Null(Peer.FindUser(there, here));
    }

    [Fact]
    public void Where_nobody_is_nobody_is_found() =>
        Assert.Null(Peer.FindUser(new(IPAddress.Loopback, 1), new(IPAddress.Loopback, 2)));
}
