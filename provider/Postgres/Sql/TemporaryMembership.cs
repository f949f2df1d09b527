using Npgsql;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>
/// PostgreSQL lets only members of a role give it a database or act for it. An administrator that is not a superuser becomes a
/// member inside a transaction and leaves before the commit, so that no other session sees the membership.
/// </summary>
internal static class TemporaryMembership
{
    /// <summary>Grants the missing memberships; returns the roles, which <see cref="RevokeAsync"/> must revoke in the same transaction.</summary>
    public static async Task<List<string>> GrantAsync(NpgsqlConnection connection, string[] roles, CancellationToken cancel)
    {
        // From 16 on, a membership may include neither INHERIT nor SET, and both are needed.
        var asMember = connection.PostgreSqlVersion.Major >= 16
            ? "pg_catalog.pg_has_role(r.oid, 'SET') and pg_catalog.pg_has_role(r.oid, 'USAGE')"
            : "pg_catalog.pg_has_role(r.oid, 'MEMBER')";
        // Concurrent sessions granting the same roles wait for each other's rows, so all take them in one order.
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
