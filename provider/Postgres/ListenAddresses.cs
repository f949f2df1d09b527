using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using PgFleet.Platform;

namespace PgFleet.Postgres;

/// <summary>Interprets <c>listen_addresses</c> on this machine.</summary>
internal static class ListenAddresses
{
    private static readonly IPAddress[] Everywhere = [IPAddress.Any, IPAddress.IPv6Any];

    /// <summary>Returns the addresses to bind. A name that does not resolve has none.</summary>
    public static async Task<IReadOnlyCollection<IPAddress>> ResolveAsync(IEnumerable<string> addresses, CancellationToken cancel)
    {
        var resolved = await Task.WhenAll(addresses.Select(address => ResolveAsync(address, cancel)));
        return resolved.SelectMany(found => found).Distinct().Where(IsSupported).ToList();
    }

    /// <summary>
    /// Returns the addresses that a server was told to listen on but does not: PostgreSQL starts if it can bind one of several, and only logs a warning for the
    /// others.
    /// </summary>
    /// <param name="addresses">The entries of <c>listen_addresses</c>.</param>
    /// <param name="port">The server's port.</param>
    /// <param name="pid">The postmaster's process id.</param>
    /// <param name="cancel">Cancels the name resolution.</param>
    public static async Task<IReadOnlyList<IPAddress>> FindUnboundAsync(IEnumerable<string> addresses, int port, int pid, CancellationToken cancel) =>
        [.. (await ResolveAsync(addresses, cancel)).Except(Listeners.Of(pid, port))];

    /// <summary>True if a server on this machine can listen on the address.</summary>
    public static async Task<bool> AreHereAsync(string address, CancellationToken cancel)
    {
        var own = Own();
        var resolved = await ResolveAsync(address, cancel);
        return resolved.Count > 0 && resolved.All(one => IPAddress.IsLoopback(one) || Everywhere.Contains(one) || own.Contains(one));
    }

    /// <summary>The host name or address that clients connect to.</summary>
    public static string Host(IEnumerable<string> addresses)
    {
        var first = addresses.FirstOrDefault() ?? "localhost";
        return IsEverywhere(first) ? Environment.MachineName : first;
    }

    /// <summary>Every name and address by which clients may reach a server that listens on these addresses.</summary>
    public static IEnumerable<string> Reachable(IEnumerable<string> addresses) =>
        addresses.SelectMany(address => IsEverywhere(address) ? Own().Select(own => $"{own}") : [address])
            .Concat(["localhost", "127.0.0.1", "::1", Environment.MachineName]).Distinct();

    private static bool IsEverywhere(string address) => address is "*" or "0.0.0.0" or "::";

    private static async Task<IReadOnlyCollection<IPAddress>> ResolveAsync(string address, CancellationToken cancel)
    {
        if (address == "*")
        {
            return Everywhere;
        }
        if (IPAddress.TryParse(address, out var literal))
        {
            return [literal];
        }
        try
        {
            return await Dns.GetHostAddressesAsync(address, cancel);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private static HashSet<IPAddress> Own() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => !address.IsIPv6LinkLocal)];

    private static bool IsSupported(IPAddress address) => address.AddressFamily != AddressFamily.InterNetworkV6 || Socket.OSSupportsIPv6;
}
