using System.Collections.Immutable;
using System.Text.RegularExpressions;
using PgFleet.Failures;

namespace PgFleet.Postgres;

/// <summary>The postgresql.conf parameters that only the engine sets, because an instance's safety depends on them.</summary>
internal static partial class ManagedParameters
{
    /// <summary>Why a parameter may not be set, and what to do instead; null when it may.</summary>
    public static Message? Refusal(string name, string value)
    {
        var lower = name.ToLowerInvariant(); // PostgreSQL compares names without case
        return !Name().IsMatch(name) ? $"\"{name}\" is no parameter's name: use letters, digits and underscores, with a dot after an extension's prefix."
            : value.AsSpan().ContainsAny('\n', '\r', '\0') ? $"the value of \"{name}\" holds a line break or a NUL, which postgresql.conf cannot. Write it on one line."
            : lower is "port" ? Message.Of($"\"port\" is not set here. Set the property {Term.Property("port")}.")
            : lower is "listen_addresses" ? Message.Of($"\"listen_addresses\" is not set here. Set the property {Term.Property("listenAddresses")}.")
            : lower is "archive_timeout" ? Message.Of($"\"archive_timeout\" is not set here. Set {Term.Property("backup.archiveTimeout")}.")
            : Managed().IsMatch(lower) ? $"\"{name}\" is managed by pgfleet: recovery, or the safety of the data, depends on it. Remove it."
            : null;
    }

    /// <summary>Removes the managed parameters: a server of an older version of the provider may have one set that is managed by now.</summary>
    public static ImmutableSortedDictionary<string, string> Without(ImmutableSortedDictionary<string, string> parameters) =>
        parameters.RemoveRange(parameters.Where(pair => Refusal(pair.Key, pair.Value) is not null).Select(pair => pair.Key));

    /// <exception cref="ResourceFailure">One of the parameters is managed.</exception>
    public static void RequireNone(IReadOnlyDictionary<string, string> parameters)
    {
        if (parameters.Select(pair => Refusal(pair.Key, pair.Value)).FirstOrDefault(refusal => refusal is not null) is { } reason)
        {
            throw new ResourceFailure(FailureKind.Refused, "A parameter may not be set:", reason);
        }
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(archive_.*|restore_command|recovery_.*|wal_level|fsync|full_page_writes|data_directory|.*_file|include.*|unix_socket_.*|ssl|ssl_.*|password_encryption|primary_.*|cluster_name|hot_standby|logging_collector|log_directory|log_filename|log_destination|log_rotation_.*|log_truncate_on_rotation|event_source|allow_system_table_mods|ignore_.*|zero_damaged_pages|stats_temp_directory)\z")]
    private static partial Regex Managed();
}
