using Npgsql;

namespace PgFleet.Postgres.Sql;

/// <summary>
/// PostgreSQL lets only members of a role give it a database or act for it. An administrator that is no superuser becomes a
/// member inside a transaction and leaves again before the commit, so that nobody ever sees it as one.
/// </summary>
internal static class TemporaryMembership
{
    /// <summary>The grants that the administrator's own transaction has to take back.</summary>
    public static async Task<List<string>> GrantAsync(NpgsqlConnection connection, string[] roles, CancellationToken cancel)
    {
        // From 16 on a membership may carry neither the role's rights nor the leave to become it, and both are needed.
        var asMember = connection.PostgreSqlVersion.Major >= 16
            ? "pg_catalog.pg_has_role(r.oid, 'SET') and pg_catalog.pg_has_role(r.oid, 'USAGE')"
            : "pg_catalog.pg_has_role(r.oid, 'MEMBER')";
        // Others who grant the same at the same time wait for each other's rows, so everybody takes the roles in one order.
        var joined = await connection.ListAsync(
            $"""
            select r.rolname::text from pg_roles r
            where r.rolname = any($1) and not (select rolsuper from pg_roles where rolname = current_user) and not ({asMember})
            order by r.oid
            """,
            [roles],
            row => row.GetString(0),
            cancel);
        foreach (var role in joined)
        {
            await connection.ExecuteAsync(
                connection.PostgreSqlVersion.Major >= 16 ? "grant %I to current_user with inherit true, set true" : "grant %I to current_user", [role], cancel);
        }

        return joined;
    }

    public static async Task RevokeAsync(NpgsqlConnection connection, List<string> roles, CancellationToken cancel)
    {
        foreach (var role in roles)
        {
            await connection.ExecuteAsync(
                connection.PostgreSqlVersion.Major >= 16 ? "revoke %I from current_user granted by current_user" : "revoke %I from current_user", [role], cancel);
        }
    }
}
