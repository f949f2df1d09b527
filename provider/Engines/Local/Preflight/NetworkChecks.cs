using System.Net;
using PgFleet.Engines.Local.Configuration;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Postgres;

namespace PgFleet.Engines.Local.Preflight;

/// <summary>Checks whether an instance can have its port and its addresses.</summary>
internal sealed class NetworkChecks(Home home, Registry registry)
{
    public async Task<IReadOnlyList<Problem>> CheckAsync(ServerSpec spec, ServerRecord? record, CancellationToken cancel) =>
        [.. await AddressesAsync(spec, cancel), .. Networks(spec), .. await PortAsync(spec, record, cancel)];

    private static IEnumerable<Problem> Networks(ServerSpec spec) =>
        (spec.Placement.ClientNetworks ?? []).Index().Where(network => !ServerConfiguration.IsNetwork(network.Item))
            .Select(network => new Problem($"clientNetworks[{network.Index}]", $"\"{network.Item}\" is no network. Write an address and the length of its prefix, such as 10.0.0.0/8."));

    private static async Task<IReadOnlyList<Problem>> AddressesAsync(ServerSpec spec, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        foreach (var (index, address) in spec.Placement.ListenAddresses.Index())
        {
            if (!await ListenAddresses.AreHereAsync(address, cancel))
            {
                problems.Add(new($"listenAddresses[{index}]", $"\"{address}\" is not an address of this machine. Use one of its own, 127.0.0.1, or * for all."));
            }
        }
        return problems;
    }

    private async Task<IReadOnlyList<Problem>> PortAsync(ServerSpec spec, ServerRecord? record, CancellationToken cancel)
    {
        var running = record is null ? null : Postmaster.Find(home.Of(spec.Name).Data);
        if ((spec.Placement.Port ?? record?.Port) is not { } port || (running is not null && Listeners.Of(running.Pid, port).Count > 0))
        {
            return [];
        }
        if (registry.List().FirstOrDefault(other => other.Name != spec.Name && other.Port == port) is { } claimant)
        {
            return [new("port", $"{port} belongs to instance \"{claimant.Name}\". Choose another, unless that instance gives it up in this run.", Refuses: false)];
        }
        var addresses = await ListenAddresses.ResolveAsync(spec.Placement.ListenAddresses, cancel);
        return addresses.FirstOrDefault(address => !Ports.IsFree(address, port)) is { } taken ? [Held(port, taken)] : [];
    }

    private static Problem Held(int port, IPAddress address) =>
        new("port", $"{port} of {address} is held by {Listeners.Holder(port) ?? "another process"}. Stop that, or choose a port that is free.");
}
