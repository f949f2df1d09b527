using System.Collections.Immutable;
using System.Net;
using PgFleet.Failures;
using PgFleet.Postgres;
using PgFleet.Schema;
using PgFleet.Schema.Types;

namespace PgFleet.Resources.Instances;

/// <summary>Rules of an instance that involve several fields, or more than a pattern can express.</summary>
internal static class InstanceRules
{
    public static IEnumerable<Problem> Check(InstanceArgs args) =>
        [.. Addresses(args), .. Networks(args), .. Parameters(args), .. Backup(args)];

    private static IEnumerable<Problem> Addresses(InstanceArgs args)
    {
        var addresses = args.ListenAddresses ?? [];
        for (var index = 0; index < addresses.Count; index++)
        {
            if (addresses[index] != "*" && !IPAddress.TryParse(addresses[index], out _))
            {
                yield return new($"listenAddresses[{index}]", $"\"{addresses[index]}\" is not an address: write an IP address of this machine, or \"*\" for all.");
            }
        }
        if (addresses.Count == 0)
        {
            yield return new("listenAddresses", "is empty, and nobody could connect: name an address, such as \"127.0.0.1\".");
        }
        if (args.ClientNetworks is null && addresses.FirstOrDefault(IsOpen) is { } open)
        {
            yield return new("clientNetworks", $"is needed because {Term.Property("listenAddresses")} has \"{open}\": name the networks whose clients may log in, such as \"10.0.0.0/8\".");
        }
    }

    private static IEnumerable<Problem> Networks(InstanceArgs args)
    {
        var networks = args.ClientNetworks ?? [];
        for (var index = 0; index < networks.Count; index++)
        {
            if (!IPNetwork.TryParse(networks[index], out var network) || network.ToString() != networks[index])
            {
                yield return new($"clientNetworks[{index}]", $"\"{networks[index]}\" is not a network: write CIDR without host bits, such as \"10.1.0.0/16\" or \"192.0.2.7/32\".");
            }
        }
    }

    private static IEnumerable<Problem> Parameters(InstanceArgs args) =>
        from parameter in args.Parameters ?? ImmutableDictionary<string, Setting>.Empty
        let refusal = ManagedParameters.Refusal(parameter.Key, parameter.Value.ToString())
        where refusal is not null
        select new Problem(PropertyPath.Key("parameters", parameter.Key), refusal);

    private static IEnumerable<Problem> Backup(InstanceArgs args)
    {
        if (args.Backup?.ArchiveTimeout is { } timeout && timeout.Length.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            yield return new("backup.archiveTimeout", $"\"{timeout.ToString()}\" is not in whole seconds: PostgreSQL counts archive_timeout in seconds.");
        }
        if (args.Backup?.ArchiveTimeout is { } longest && longest.Length > TimeSpan.FromDays(1))
        {
            yield return new("backup.archiveTimeout", $"\"{longest.ToString()}\" is too long: write at most \"24h\", or a restore could miss more than a day of work.");
        }
    }

    private static bool IsOpen(string address) => address == "*" || (IPAddress.TryParse(address, out var parsed) && !IPAddress.IsLoopback(parsed));
}
