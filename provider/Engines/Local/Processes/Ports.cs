using System.Net;
using System.Net.Sockets;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Processes;

/// <summary>TCP ports: which are free, and who holds the others.</summary>
internal sealed class Ports(Registry registry)
{
    /// <summary>Below Linux's usual range for outgoing connections, any of which could hold the port while its server is stopped.</summary>
    private const int Lowest = 20000;

    private const int Highest = 32000;
    private const int Attempts = 1000;

    /// <summary>A port that no one listens on now and that no other instance claims. Random, so that fleets on one machine keep out of each other's way.</summary>
    public int Choose(IReadOnlyCollection<IPAddress> addresses)
    {
        var claimed = registry.List().Select(record => record.Port).ToHashSet();
        return Enumerable.Range(0, Attempts).Select(_ => Random.Shared.Next(Lowest, Highest))
            .Where(port => !claimed.Contains(port) && addresses.All(address => IsFree(address, port)))
            .Cast<int?>().FirstOrDefault()
            ?? throw new ResourceFailure(FailureKind.Exhausted, $"No port between {Lowest} and {Highest} is free.", "Set port to one that is.");
    }

    /// <exception cref="ResourceFailure">Somebody listens there.</exception>
    public static void RequireFree(string instance, IReadOnlyCollection<IPAddress> addresses, int port)
    {
        if (addresses.FirstOrDefault(address => !IsFree(address, port)) is { } taken)
        {
            throw new ResourceFailure(
                FailureKind.Conflict,
                $"Port {port} of {taken}, which instance \"{instance}\" needs, is held by {Listeners.Holder(port) ?? "another process"}.",
                "Stop that, or set port to a free one: an instance never moves by itself.");
        }
    }

    public static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException)
        {
            return true; // not this machine's address, or not this user's port: somebody else's question
        }
    }
}
