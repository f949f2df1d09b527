using System.Globalization;
using Npgsql;
using PgFleet.Archives;
using PgFleet.Engines.Local.Configuration;
using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Checks whether a server archives. A failure count of zero is not enough: archiving may have been redirected, or may hang.</summary>
internal static class ArchiverReport
{
    private const string Question =
        """
        select case when last_failed_time > coalesce(last_archived_time, '-infinity') then last_failed_wal end, last_failed_time,
               pg_catalog.current_setting('archive_command'), coalesce(pg_catalog.current_setting('archive_library', true), ''),
               (select setting::int from pg_catalog.pg_settings where name = 'archive_timeout'),
               waiting.count, waiting.since, waiting.count > 0 and greatest(waiting.since, last_archived_time) < pg_catalog.now() - interval '1 min'
        from pg_catalog.pg_stat_archiver,
             (select pg_catalog.count(*), pg_catalog.min(modification) as since from pg_catalog.pg_ls_archive_statusdir() where name like '%.ready') as waiting
        """;

    /// <summary>Explains why it does not archive as it should; null when it does.</summary>
    public static async Task<string?> FindComplaintAsync(NpgsqlConnection admin, ServerRecord record, InstancePaths paths, CancellationToken cancel) =>
        (await admin.ListAsync(Question, [], row => FindComplaint(row, record, paths), cancel))[0];

    private static string? FindComplaint(NpgsqlDataReader row, ServerRecord record, InstancePaths paths)
    {
        if (!row.IsDBNull(0))
        {
            return string.Create(CultureInfo.InvariantCulture, $"it could not archive \"{row.GetString(0)}\" at {row.GetDateTime(1):u}: see its log");
        }
        if (row.GetString(2) is var set && set != ServerConfiguration.ArchiveCommand(paths) && !IsOfOlderProvider(set, paths))
        {
            return Changed("archive_command", set);
        }
        if (row.GetString(3) is { Length: > 0 } library)
        {
            return Changed("archive_library", library);
        }
        if (row.GetInt32(4) is var timeout && timeout != (int)record.Backup.ArchiveTimeout.TotalSeconds)
        {
            return Changed("archive_timeout", $"{timeout} s");
        }
        return row.GetBoolean(7)
            ? string.Create(CultureInfo.InvariantCulture, $"it archives nothing, and {row.GetInt64(5)} files of WAL wait, the first since {row.GetDateTime(6):u}: see its log")
            : null;
    }

    private static string Changed(string parameter, string value) =>
        $"it does not archive as declared: somebody has set {parameter} to \"{value}\", and the next update takes it back";

    /// <summary>True for the command of version 0.1.0, for a server that has been running since.</summary>
    private static bool IsOfOlderProvider(string command, InstancePaths paths) =>
        command.EndsWith($"/pgfleet' {ArchiveCommands.ArchiveWal} '{paths.ArchiveConfig}' \"%p\" \"%f\"", StringComparison.Ordinal);
}
