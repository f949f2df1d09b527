using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>Something that DROP DATABASE would end or delete, or that blocks it.</summary>
/// <param name="What">The kind, as a plural noun for a sentence.</param>
/// <param name="Which">A description of this one.</param>
/// <param name="BeatsForce">True if PostgreSQL refuses the drop even with FORCE.</param>
internal sealed record DropBlocker(string What, string Which, bool BeatsForce)
{
    private const string Clients = "clients";

    /// <summary>True if it may disappear by itself within a moment.</summary>
    public bool MayLeave => What == Clients;

    // backend_start is visible only to roles that may read the statistics of the session's role.
    private static readonly string Query = $"""
        select what, forced, {RawText.Sql("which")} from (
        select '{Clients}' what, false forced, pg_catalog.format('pid %s (user "%s", application "%s"%s)', pid, usename, application_name,
            pg_catalog.to_char(backend_start at time zone 'UTC', '", since "YYYY-MM-DD"T"HH24:MI:SS"Z"')) which
        from pg_stat_activity
        where datname = $1 and pid <> pg_catalog.pg_backend_pid() and coalesce(backend_type, 'client backend') in ('client backend', 'walsender')
        union all
        select 'prepared transactions', true, pg_catalog.format('"%s" (user "%s", since %s)', gid, owner,
            pg_catalog.to_char(prepared at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        from pg_prepared_xacts where database = $1
        union all
        select 'subscriptions', true, pg_catalog.format('"%s"', subname) from pg_subscription where subdbid = (select oid from pg_database where datname = $1)
        union all
        select 'logical replication slots', false, pg_catalog.format('"%s" (%s)', slot_name, plugin) from pg_replication_slots where database = $1
        ) obstacles
        """;

    public static Task<List<DropBlocker>> ListAsync(NpgsqlConnection connection, string database, CancellationToken cancel) =>
        connection.ListAsync(Query, [database], row => new DropBlocker(row.GetString(0), RawText.Read(row.GetString(2)).Text, row.GetBoolean(1)), cancel);

    /// <summary>The failure that lists the blockers; null when there is none.</summary>
    public static ResourceFailure? Refusal(string database, bool force, IEnumerable<DropBlocker> found)
    {
        var blockers = found.Where(blocker => blocker.BeatsForce || !force).GroupBy(blocker => blocker.What, blocker => blocker.Which).ToList();
        return blockers.Count == 0 ? null : new(
            FailureKind.Conflict,
            $"Database \"{database}\" is not dropped, since it has {string.Join("; ", blockers.Select(group => $"{group.Key}: {string.Join(", ", group)}"))}.",
            force
                ? "Finish the prepared transactions and drop the subscriptions, which even force cannot do, then delete again."
                : Message.Of($"End or drop them, or set {Term.Property("onDelete")} to \"force\" and apply that, then delete again."));
    }
}
