using Npgsql;
using PgFleet.Engines.Sql;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>What a server holds that a restore has to know of.</summary>
internal sealed class Inventory(NpgsqlConnection admin)
{
    public Task<int> TimelineAsync(CancellationToken cancel) =>
        admin.ScalarAsync<int>("select timeline_id from pg_control_checkpoint()", [], cancel);

    /// <summary>Databases that are half dropped, or whose directory is missing.</summary>
    /// <remarks>A drop that was interrupted leaves -2 in datconnlimit (catalog/pg_database.h), in minors since May 2023.</remarks>
    public Task<List<string>> BrokenDatabasesAsync(CancellationToken cancel) => TextsAsync(
        "select datname::text from pg_database where datconnlimit = -2 or (pg_stat_file('base/' || oid || '/PG_VERSION', true)).size is null", cancel);

    public Task<List<(string Database, string Subscription)>> SubscriptionsAsync(CancellationToken cancel) => admin.ListAsync(
        "select datname::text, subname::text from pg_subscription s join pg_database d on d.oid = s.subdbid where subenabled",
        [],
        row => (row.GetString(0), row.GetString(1)),
        cancel);

    /// <param name="subscription">Of the database that the connection is to.</param>
    public Task DisableAsync(string subscription, CancellationToken cancel) => admin.ExecuteAsync("alter subscription %I disable", [subscription], cancel);

    /// <summary>Prepared transactions, with their databases.</summary>
    public Task<List<string>> PreparedAsync(CancellationToken cancel) =>
        TextsAsync("select format('\"%s\" in database \"%s\"', gid, database) from pg_prepared_xacts order by prepared", cancel);

    public Task<List<string>> RolesAsync(CancellationToken cancel) => TextsAsync("select rolname::text from pg_roles where rolname !~ '^pg_'", cancel);

    public Task<List<string>> SlotsAsync(CancellationToken cancel) => TextsAsync("select slot_name::text from pg_replication_slots where not temporary", cancel);

    private Task<List<string>> TextsAsync(string sql, CancellationToken cancel) => admin.ListAsync(sql, [], row => row.GetString(0), cancel);
}
