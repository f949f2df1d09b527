using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PgFleet.Archives;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres.Sql;

namespace PgFleet.Engines.Local.Configuration;

/// <summary>
/// A server's configuration, derived only from its record. Written before each start, so that the configuration in force is the recorded one.
/// </summary>
/// <param name="record">The server's record.</param>
/// <param name="paths">The server's paths.</param>
/// <param name="program">The program that archives.</param>
/// <param name="operators">Operating-system users that may connect as the superuser over the socket.</param>
/// <remarks>
/// Parameters that need a restart, and those that the instance's safety depends on, are passed on the command line, where postgresql.auto.conf cannot
/// override them. The others are in a file, so that a reload changes them; an update removes from postgresql.auto.conf what would override
/// them.
/// </remarks>
internal sealed class ServerConfiguration(ServerRecord record, InstancePaths paths, string program, IEnumerable<string> operators)
{
    /// <summary>The name of the user name map in pg_ident.conf.</summary>
    private const string Map = "pgfleet";

    private const string CommandName = "archive_command";
    private const string LibraryName = "archive_library";

    public IReadOnlyList<string> Arguments =>
        ["-D", paths.Data, .. Pinned().Concat(Replay()).SelectMany(pair => (string[])["-c", $"{pair.Name}={pair.Value}"])];

    public string Postgresql()
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Defaults())
        {
            parameters[name] = value;
        }
        foreach (var (name, value) in record.EffectiveParameters)
        {
            parameters[name] = value;
        }
        return Lines(parameters.Select(pair => $"{pair.Key} = {Quoted(pair.Value)}"));
    }

    /// <remarks>Roles of migrations may connect only from this machine, regardless of clientNetworks. A name with + means its members.</remarks>
    public string Hba() => Lines(
        [$"local all {Roles.Superuser} peer map={Map}", $"hostssl all +{MigrationRole.Group} samehost scram-sha-256", .. Networks().Select(Rule)]);

    public string Ident() => Lines(operators.Distinct().Select(user => $"{Map} \"{user}\" {Roles.Superuser}"));

    private IEnumerable<string> Networks() => record.ClientNetworks ?? ["127.0.0.1/32", "::1/128"];

    /// <summary>True if the text is exactly an address and a prefix length: an injected line of pg_hba.conf would let others in.</summary>
    public static bool IsNetwork(string network) =>
        network.Split('/') is [var address, var mask]
        && IPAddress.TryParse(address, out var parsed) && address.All(letter => char.IsAsciiHexDigit(letter) || letter is '.' or ':')
        && int.TryParse(mask, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= (parsed.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    private static string Rule(string network) => IsNetwork(network)
        ? $"hostssl all all {network} scram-sha-256"
        : throw new ResourceFailure(FailureKind.Refused, $"{Term.Property("clientNetworks")}: \"{network}\" is no network.", "Write an address and the length of its prefix, such as 10.0.0.0/8.");

    private IEnumerable<(string Name, string Value)> Pinned() =>
    [
        ("config_file", Path.Combine(paths.Conf, ConfigurationFiles.Postgresql)),
        ("hba_file", Path.Combine(paths.Conf, ConfigurationFiles.Hba)),
        ("ident_file", Path.Combine(paths.Conf, ConfigurationFiles.Ident)),
        ("cluster_name", record.Name),
        ("port", Text(record.Port)),
        ("listen_addresses", string.Join(',', record.ListenAddresses)),
        ("unix_socket_directories", $"\"{paths.Socket}\""),
        ("ssl", "on"),
        ("ssl_cert_file", Path.Combine(paths.Conf, Certificates.ServerFile)),
        ("ssl_key_file", Path.Combine(paths.Conf, Certificates.ServerKeyFile)),
        ("password_encryption", "scram-sha-256"),
        ("wal_level", "replica"),
        ("archive_mode", "on"),
        .. Archiving(),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("logging_collector", "on"),
        ("log_destination", "stderr"),
        ("log_directory", paths.Log),
        ("log_filename", "postgresql-%a.log"), // one file for each day of the week, overwritten a week later
        ("log_truncate_on_rotation", "on"),
        ("log_rotation_age", "1d"),
        ("log_rotation_size", "0"),
    ];

    /// <remarks>initdb writes some of these to the postgresql.conf that it generates, which is not used.</remarks>
    private IEnumerable<(string Name, string Value)> Defaults() =>
    [
        .. Archiving(),
        ("archive_timeout", Text((int)record.Backup.ArchiveTimeout.TotalSeconds)),
        ("default_text_search_config", "pg_catalog.english"),
        ("log_line_prefix", "%m [%p] %q%u@%d "),
        ("log_timezone", "UTC"),
        ("shared_buffers", "128MB"),
        ("timezone", "UTC"),
    ];

    /// <summary>
    /// Set on the command line and in the file: the command line takes effect at the next start, the file for a server that was started by an older version.
    /// </summary>
    private IEnumerable<(string Name, string Value)> Archiving()
    {
        yield return (CommandName, ArchiveCommand(paths));
        // archive_library would override the command. It was added in 15: an older server refuses to start with it.
        if (int.Parse(record.PostgresVersion, CultureInfo.InvariantCulture) >= 15)
        {
            yield return (LibraryName, "");
        }
    }

    /// <summary>The server's archive_command. It does not depend on the version of the archive program, so that an upgrade of that needs no restart.</summary>
    /// <remarks>
    /// The server replaces %p and %f, passes the rest to sh, and takes %% for a percent sign. For an exit code above 125, such as that for a
    /// missing program, the archiver process would exit without counting a failure.
    /// </remarks>
    public static string ArchiveCommand(InstancePaths paths) => $"sh {Shell(paths.ArchiveScript).Replace("%", "%%", StringComparison.Ordinal)} \"%p\" \"%f\" || exit 1";

    /// <summary>The script that <see cref="ArchiveCommand"/> runs.</summary>
    public string ArchiveScript() => Lines([$"exec {Shell(program)} {ArchiveCommands.ArchiveWal} {Shell(paths.ArchiveConfig)} \"$1\" \"$2\""]);

    /// <summary>True if a server that was started with these arguments needs no restart for this configuration.</summary>
    /// <remarks>A server that was started by an older provider has its archive command only in the file, where a reload changes it.</remarks>
    public bool IsStartedWith(IEnumerable<string> arguments) => Comparable(arguments).SequenceEqual(Comparable(Arguments));

    private static IEnumerable<string> Comparable(IEnumerable<string> arguments) => arguments.Where(argument =>
        argument != "-c" && !argument.StartsWith($"{CommandName}=", StringComparison.Ordinal) && !argument.StartsWith($"{LibraryName}=", StringComparison.Ordinal));

    /// <summary>Settings during recovery: no client can connect, no background job starts to work on the copy, and nothing is archived.</summary>
    /// <remarks>
    /// Replay ends after the record at the target. The timeline is given by number, because "latest" could follow that of another restore.
    /// Each limit is at least that of the server that wrote the WAL: with too few prepared transactions, recovery would fail at the first one.
    /// </remarks>
    private IEnumerable<(string Name, string Value)> Replay() =>
        record is not { State: RecordState.Recovering, Origin.Point: { } point }
            ? []
            :
            [
                ("listen_addresses", ""),
                (CommandName, ""),
                ("hot_standby", "off"),
                ("max_logical_replication_workers", "0"),
                ("cron.launch_active_jobs", "off"),
                ("restore_command", $"cp {Shell(paths.Replay).Replace("%", "%%", StringComparison.Ordinal)}/%f \"%p\""),
                ("recovery_target_lsn", $"{point.Target}"),
                ("recovery_target_inclusive", "on"),
                ("recovery_target_timeline", $"{point.Timeline}"),
                ("recovery_target_action", "promote"),
                .. point.Limits.Parameters.Select(limit => (limit.Name, Text(Math.Max(limit.Value, Declared(limit.Name))))),
            ];

    private int Declared(string name) =>
        record.EffectiveParameters.TryGetValue(name, out var value) && int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Shell(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <remarks>In quotes, the server interprets backslashes as C does (guc-file.l).</remarks>
    private static string Quoted(string value) =>
        $"'{value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Lines(IEnumerable<string> lines) =>
        lines.Aggregate(new StringBuilder("# Written by pgfleet; changes are lost.\n"), (text, line) => text.Append(line).Append('\n')).ToString();
}
