using Npgsql;
using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>Makes a running server reload its configuration, and reports the result.</summary>
internal sealed class Reload(NpgsqlConnection admin, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Parameters set by ALTER SYSTEM that would override the same ones in our own file.</summary>
    private const string Overriding =
        """
        select distinct name from pg_catalog.pg_file_settings
        where sourcefile ~ '/postgresql\.auto\.conf$'
          and pg_catalog.lower(name) in (select pg_catalog.lower(name) from pg_catalog.pg_file_settings where sourcefile = pg_catalog.current_setting('config_file'))
        """;

    /// <summary>
    /// Errors in the files. Parameters that wait for a restart have an error too and are excluded: both those removed from their file and those
    /// changed in it. The session knows them once it has read pg_file_settings, as <see cref="Overriding"/> does.
    /// </summary>
    private const string Rejected =
        """
        select pg_catalog.concat(name, ': ', error) from pg_catalog.pg_file_settings as file
        where error is not null and sourcefile is not null
          and not exists (select from pg_catalog.pg_settings as active where active.pending_restart and pg_catalog.lower(active.name) = pg_catalog.lower(file.name))
        union all
        select pg_catalog.concat('pg_hba.conf: ', error) from pg_catalog.pg_hba_file_rules where error is not null
        """;

    /// <summary>
    /// Reloads, unless that cannot apply the change. <paramref name="concerned"/> are the parameters that it touches; others may be waiting for a restart for
    /// reasons of their own.
    /// </summary>
    /// <returns>False when a restart is needed for the files to take effect.</returns>
    /// <exception cref="ResourceFailure">The server rejects part of the files and keeps its current configuration.</exception>
    public async Task<bool> TryAsync(IEnumerable<string> concerned, CancellationToken cancel)
    {
        foreach (var name in await ListAsync(Overriding, cancel))
        {
            await admin.ExecuteAsync($"ALTER SYSTEM RESET {name}", [], cancel);
        }
        if (await ListAsync(Rejected, cancel) is { Count: > 0 } rejected)
        {
            throw new ResourceFailure(FailureKind.Refused, $"The server rejects its new configuration: {string.Join("; ", rejected)}.", "Correct that parameter.");
        }
        var waiting = await ListAsync("select pg_catalog.lower(name) from pg_catalog.pg_settings where pending_restart", cancel);
        if (waiting.Intersect(concerned, StringComparer.OrdinalIgnoreCase).Any())
        {
            return false;
        }
        await LoadAsync(cancel);
        return true;
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        var before = await LoadTimeAsync(cancel);
        await admin.ScalarAsync<bool>("select pg_catalog.pg_reload_conf()", [], cancel);
        await Poll.UntilAsync(
            Limit,
            Poll.Interval,
            time,
            async token => before != await LoadTimeAsync(token),
            () => new(FailureKind.TimedOut, "The server has not read its new configuration.", "See its log."),
            cancel);
    }

    private Task<DateTime> LoadTimeAsync(CancellationToken cancel) => admin.ScalarAsync<DateTime>("select pg_catalog.pg_conf_load_time()", [], cancel);

    private Task<List<string>> ListAsync(string sql, CancellationToken cancel) => admin.ListAsync(sql, [], row => row.GetString(0), cancel);
}
