using System.Collections.Frozen;
using System.Net;
using PgFleet.Failures;

namespace PgFleet.Resources.DatabaseInstance;

/// <summary>Rules of an instance that involve several fields, or more than a pattern can say.</summary>
internal static class InstanceRules
{
    /// <summary>Parameters that recovery, the archive and safe access rest on; the property beside some says where a user sets it.</summary>
    private static readonly FrozenDictionary<string, string?> Managed = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        ["port"] = "port",
        ["listen_addresses"] = "listenAddresses",
        ["archive_timeout"] = "backup.archiveTimeout",
        ["wal_level"] = null,
        ["fsync"] = null,
        ["full_page_writes"] = null,
        ["data_directory"] = null,
        ["restore_command"] = null,
        ["password_encryption"] = null,
        ["cluster_name"] = null,
        ["hot_standby"] = null,
        ["promote_trigger_file"] = null,
        ["external_pid_file"] = null,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ManagedPrefixes =
        ["archive_", "recovery_", "include", "unix_socket_", "ssl", "primary_", "logging_collector", "log_directory", "log_filename", "log_file_mode", "log_truncate", "log_rotation"];

    public static IEnumerable<Problem> Check(DatabaseInstanceArgs args) =>
        [.. Addresses(args), .. Networks(args), .. Parameters(args), .. Backup(args)];

    private static IEnumerable<Problem> Addresses(DatabaseInstanceArgs args)
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
        if (args.ClientNetworks is null && addresses.FirstOrDefault(address => !IsLoopback(address)) is { } open)
        {
            yield return new("clientNetworks", $"is needed because listenAddresses has \"{open}\": name the networks whose clients may log in, such as \"10.0.0.0/8\".");
        }
    }

    private static IEnumerable<Problem> Networks(DatabaseInstanceArgs args)
    {
        var networks = args.ClientNetworks ?? [];
        for (var index = 0; index < networks.Count; index++)
        {
            if (!IPNetwork.TryParse(networks[index], out _))
            {
                yield return new($"clientNetworks[{index}]", $"\"{networks[index]}\" is not a network: write CIDR without host bits, such as \"10.1.0.0/16\" or \"192.0.2.7/32\".");
            }
        }
    }

    private static IEnumerable<Problem> Parameters(DatabaseInstanceArgs args)
    {
        foreach (var name in args.Parameters?.Keys ?? [])
        {
            if (IsManaged(name))
            {
                var instead = Managed.GetValueOrDefault(name) is { } property ? $"set the property {property} instead" : "leave it out";
                yield return new($"parameters.{name}", $"is managed by pgfleet: {instead}.");
            }
        }
    }

    private static IEnumerable<Problem> Backup(DatabaseInstanceArgs args)
    {
        if (args.Backup?.ArchiveTimeout is { } timeout && timeout.Length.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            yield return new("backup.archiveTimeout", $"\"{timeout}\" is not in whole seconds: PostgreSQL counts archive_timeout in seconds.");
        }
        if (args.Backup?.ArchiveTimeout is { } longest && longest.Length > TimeSpan.FromDays(1))
        {
            yield return new("backup.archiveTimeout", $"\"{longest}\" is too long: write at most \"24h\", or a restore could miss more than a day of work.");
        }
    }

    // PostgreSQL takes parameter names in any case, and every file that it reads at start ends in _file.
    private static bool IsManaged(string name) =>
        Managed.ContainsKey(name)
        || name.EndsWith("_file", StringComparison.OrdinalIgnoreCase)
        || ManagedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static bool IsLoopback(string address) => IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed);
}
