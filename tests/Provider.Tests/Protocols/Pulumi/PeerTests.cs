using System.Net;
using System.Net.Sockets;
using PgFleet.Platform;
using PgFleet.Protocols.Pulumi;

namespace PgFleet.Tests.Protocols.Pulumi;

public sealed class PeerTests
{
    private static readonly uint Own = Ownership.Self();

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "::ffff:127.0.0.1")]
    [InlineData("::1", "::1")]
    public async Task The_owner_of_the_other_end_is_found_as_long_as_it_is_open(string listening, string address)
    {
        Assert.SkipUnless(listening != "::1" || Socket.OSSupportsIPv6, "no IPv6 here");
        using var listener = new TcpListener(IPAddress.Parse(listening), 0);
        listener.Start();
        using var client = await ConnectAsync(new(IPAddress.Parse(address), Port(listener)));
        using var accepted = await listener.AcceptSocketAsync();
        Assert.Equal(Own, Peer.FindUser(accepted));

        client.Close(); // the kernel lists the closed socket as root's
        Assert.Null(Peer.FindUser(accepted));
    }

    [Fact]
    public async Task It_is_found_among_thousands()
    {
        var crowd = new List<Socket>();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(backlog: 1000);
        try
        {
            for (var count = 0; count < 1000; count++)
            {
                crowd.Add(await ConnectAsync((IPEndPoint)listener.LocalEndpoint));
                crowd.Add(await listener.AcceptSocketAsync());
            }
            Assert.Equal(Own, Peer.FindUser(crowd[1]));
            Assert.Equal(Own, Peer.FindUser(crowd[^1]));
        }
        finally
        {
            crowd.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>A client that resets its connection while the engine's next one reuses both ports must not be taken for the engine: its data is read all the same.</summary>
    [Fact]
    public async Task Whoever_takes_the_two_ends_of_a_connection_that_was_reset_is_not_taken_for_its_peer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var attacker = await ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var end = (IPEndPoint)attacker.LocalEndPoint!;
        await attacker.SendAsync("root, do this"u8.ToArray());
        attacker.LingerState = new(true, 0);
        attacker.Close();
        using var engine = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        engine.Bind(end);
        await engine.ConnectAsync(listener.LocalEndpoint);

        using var first = await listener.AcceptSocketAsync();
        using var second = await listener.AcceptSocketAsync();
        Assert.Equal((end, end), (first.RemoteEndPoint, second.RemoteEndPoint));
        Assert.Null(Peer.FindUser(first));
        Assert.Equal(Own, Peer.FindUser(second));
        Assert.Equal(13, await first.ReceiveAsync(new byte[64]));
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task<Socket> ConnectAsync(IPEndPoint to)
    {
        var client = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (to.Address.IsIPv4MappedToIPv6)
        {
            client.DualMode = true; // otherwise .NET makes it IPv6 only
        }
        await client.ConnectAsync(to);
        return client;
    }
}
