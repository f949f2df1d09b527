using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Backup;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Backup;

/// <summary>What the server reports at the start of backup mode.</summary>
internal sealed record BackupStart(DateTimeOffset At, string ServerVersion, long SegmentSize, ReplayLimits Limits);

/// <summary>What the server reports at the end of backup mode.</summary>
internal sealed record BackupStop(DateTimeOffset At, Lsn Lsn, BackupLabel Label);

/// <summary>The server's counts of archived and failed files since its statistics were reset.</summary>
internal readonly record struct ArchiverCounts(long Archived, long Failed);

/// <summary>The session of a backup: when it ends, the server leaves backup mode.</summary>
internal sealed class BackupSession(ArchiveConfig config) : IAsyncDisposable
{
    /// <summary>Time limit in seconds for the checkpoint at a backup's start.</summary>
    private const int LongestCheckpoint = 30 * 60;

    private readonly NpgsqlDataSource source = SourceOf(config);
    private NpgsqlConnection? connection;

    private NpgsqlConnection Connection => connection ?? throw new InvalidOperationException("The session is not open.");

    // The functions were renamed in 15, when exclusive mode was removed.
    private bool HasOldNames => Connection.PostgreSqlVersion.Major < 15;

    public async Task ConnectAsync(CancellationToken cancel) => connection = await AdminSession.OpenAsync(source, cancel);

    /// <exception cref="ResourceFailure">It is not the server in the configuration, or it cannot be backed up.</exception>
    public async Task OpenAsync(CancellationToken cancel)
    {
        await ConnectAsync(cancel);
        var server = (await Connection.ListAsync(
            """
            select (select system_identifier::text from pg_catalog.pg_control_system()), pg_catalog.current_setting('data_directory'), pg_catalog.pg_is_in_recovery(),
                   (select pg_catalog.string_agg(pg_catalog.format('"%s"', spcname), ', ') from pg_tablespace where pg_catalog.pg_tablespace_location(oid) <> '')
            """,
            [],
            row => (
                SystemIdentifier: row.GetString(0), DataDirectory: row.GetString(1), IsRecovering: row.GetBoolean(2), Tablespaces: row.IsDBNull(3) ? null : row.GetString(3)),
            cancel))[0];
        if (server.SystemIdentifier != config.SystemIdentifier || Path.GetFullPath(server.DataDirectory) != Path.GetFullPath(config.DataDirectory))
        {
            throw new ResourceFailure(
                FailureKind.Conflict,
                $"The server in \"{config.SocketDirectory}\", port {config.Port}, runs on \"{server.DataDirectory}\" (system identifier {server.SystemIdentifier}), not on \"{config.DataDirectory}\" ({config.SystemIdentifier}).",
                "Stop the other server.");
        }
        if (server.IsRecovering)
        {
            throw new ResourceFailure(FailureKind.Unavailable, $"The server \"{config.Name}\" is still recovering.", "Take the backup when it has ended.");
        }
        if (server.Tablespaces is { } tablespaces)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The server \"{config.Name}\" has tablespaces ({tablespaces}), and a base backup holds the data directory alone.",
                "Move what is in them to pg_default and drop them.");
        }
    }

    public async Task<BackupStart> StartAsync(string label, CancellationToken cancel)
    {
        var start = HasOldNames ? "pg_catalog.pg_start_backup($1, true, false)" : "pg_catalog.pg_backup_start($1, true)";
        return (await Connection.ListAsync(
            $"""
            select pg_catalog.clock_timestamp(), pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1),
                   (select bytes_per_wal_segment::bigint from pg_catalog.pg_control_init()), {start}::text,
                   pg_catalog.current_setting('max_connections')::int, pg_catalog.current_setting('max_worker_processes')::int, pg_catalog.current_setting('max_wal_senders')::int,
                   pg_catalog.current_setting('max_prepared_transactions')::int, pg_catalog.current_setting('max_locks_per_transaction')::int
            """,
            [label],
            row => new BackupStart(
                row.GetDateTime(0), row.GetString(1), row.GetInt64(2),
                new(row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), row.GetInt32(8))),
            cancel))[0];
    }

    /// <summary>Ends backup mode. The server switches to a new segment, so that the last one needed is archived.</summary>
    public async Task<BackupStop> StopAsync(CancellationToken cancel)
    {
        var stop = HasOldNames ? "pg_catalog.pg_stop_backup(false, false)" : "pg_catalog.pg_backup_stop(false)";
        return (await Connection.ListAsync(
            $"select pg_catalog.clock_timestamp(), lsn::text, labelfile from {stop}",
            [],
            row => new BackupStop(row.GetDateTime(0), Lsn.Parse(row.GetString(1)), BackupLabel.Parse(row.GetString(2))),
            cancel))[0];
    }

    public async Task<ArchiverCounts> CountArchivedAsync(CancellationToken cancel) => (await Connection.ListAsync(
        "select archived_count, failed_count from pg_stat_archiver", [], row => new ArchiverCounts(row.GetInt64(0), row.GetInt64(1)), cancel))[0];

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
        await source.DisposeAsync();
    }

    private static NpgsqlDataSource SourceOf(ArchiveConfig config) => AdminSession.Source(
        new()
        {
            Host = config.SocketDirectory,
            Port = config.Port,
            Username = "postgres",
            Database = "postgres",
            ApplicationName = "pgfleet base backup",
            Pooling = false,
            SslMode = SslMode.Disable,
            CommandTimeout = LongestCheckpoint,
        },
        Pins.OfSuperuser(DataDirectory.Version(config.DataDirectory)));
}
