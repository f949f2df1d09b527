using Npgsql;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Queries a restored server. Names that are not UTF-8 are returned escaped.</summary>
internal sealed class Inventory(NpgsqlConnection admin)
{
    public Task<int> TimelineAsync(CancellationToken cancel) =>
        admin.ScalarAsync<int>("select timeline_id from pg_catalog.pg_control_checkpoint()", [], cancel);

    /// <summary>Databases whose drop was interrupted. Only another drop is permitted in them, so their missing files do not matter.</summary>
    /// <remarks>PostgreSQL marks them with -2 in datconnlimit (catalog/pg_database.h), in minor releases since May 2023.</remarks>
    public Task<List<string>> InvalidDatabasesAsync(CancellationToken cancel) => NamesAsync("datname", "pg_database where datconnlimit = -2", cancel);

    /// <summary>Databases that are listed as valid although their directory is missing.</summary>
    public Task<List<string>> LostDatabasesAsync(CancellationToken cancel) => NamesAsync(
        "datname", "pg_database where datconnlimit <> -2 and (pg_catalog.pg_stat_file('base/' || oid || '/PG_VERSION', true)).size is null", cancel);

    /// <summary>Databases whose name no statement can express.</summary>
    public async Task<List<string>> NamelessDatabasesAsync(CancellationToken cancel) =>
        [.. (await RawAsync("datname", "pg_database", cancel)).Where(name => !name.Reads).Select(name => name.Text)];

    /// <summary>Disables every subscription, also in databases that take no connections.</summary>
    /// <returns>Each subscription with its database.</returns>
    /// <remarks>ALTER SUBSCRIPTION would have to run in the subscription's database; the catalogue row is shared by all.</remarks>
    public Task<List<string>> DisableSubscriptionsAsync(CancellationToken cancel) => admin.ListAsync(
        $"""
        with disabled as (update pg_catalog.pg_subscription set subenabled = false where subenabled returning subname, subdbid)
        select {RawText.Sql("pg_catalog.format('\"%s\" in database \"%s\"', subname, datname)")} from disabled join pg_catalog.pg_database d on d.oid = subdbid
        """,
        [],
        row => RawText.Read(row.GetString(0)).Text,
        cancel);

    /// <summary>Prepared transactions with their databases.</summary>
    public Task<List<string>> PreparedAsync(CancellationToken cancel) =>
        NamesAsync("pg_catalog.format('\"%s\" in database \"%s\"', gid, database)", "pg_prepared_xacts order by prepared", cancel);

    public Task<List<string>> RolesAsync(CancellationToken cancel) => NamesAsync("rolname", "pg_roles where rolname !~ '^pg_'", cancel);

    public Task<List<string>> SlotsAsync(CancellationToken cancel) => NamesAsync("slot_name", "pg_replication_slots where not temporary", cancel);

    private async Task<List<string>> NamesAsync(string what, string from, CancellationToken cancel) =>
        [.. (await RawAsync(what, from, cancel)).Select(name => name.Text)];

    private Task<List<RawText>> RawAsync(string what, string from, CancellationToken cancel) =>
        admin.ListAsync($"select {RawText.Sql(what)} from pg_catalog.{from}", [], row => RawText.Read(row.GetString(0)), cancel);
}
