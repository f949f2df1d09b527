using System.Net;
using System.Net.Sockets;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Chooses and checks TCP ports.</summary>
internal sealed class Ports(Registry registry)
{
    /// <summary>Below Linux's default range for outgoing connections, any of which could occupy the port while its server is stopped.</summary>
    private const int Lowest = 20000;

    private const int Highest = 32000;
    private const int Attempts = 1000;

    /// <summary>Chooses a port that is free now and that no other instance has. Random, so that fleets on one machine rarely collide.</summary>
    public int Choose(IReadOnlyCollection<IPAddress> addresses)
    {
        var claimed = registry.List().Select(record => record.Port).ToHashSet();
        return Enumerable.Range(0, Attempts).Select(_ => Random.Shared.Next(Lowest, Highest))
            .Where(port => !claimed.Contains(port) && addresses.All(address => IsFree(address, port)))
            .Cast<int?>().FirstOrDefault()
            ?? throw new ResourceFailure(FailureKind.Exhausted, $"No port between {Lowest} and {Highest} is free.", $"Set {Term.Property("port")} to one that is.");
    }

    /// <exception cref="ResourceFailure">A process listens on the port.</exception>
    public static void RequireFree(string instance, IReadOnlyCollection<IPAddress> addresses, int port)
    {
        if (addresses.FirstOrDefault(address => !IsFree(address, port)) is { } taken)
        {
            throw new ResourceFailure(
                FailureKind.Conflict,
                $"Port {port} of {taken}, which instance \"{instance}\" needs, is held by {Listeners.Holder(port) ?? "another process"}.",
                $"Stop that, or set {Term.Property("port")} to a free one: an instance never moves by itself.");
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
            return true; // not an address of this machine, or a privileged port: reported elsewhere
        }
    }
}
