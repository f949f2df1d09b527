using Npgsql;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>The roles of a server.</summary>
internal static class Roles
{
    /// <summary>The superuser of the servers that this program creates.</summary>
    public const string Superuser = "postgres";

    public static Task<bool> HasRoleAsync(this NpgsqlConnection connection, string role, CancellationToken cancel) =>
        connection.ScalarAsync<bool>("select exists (select from pg_catalog.pg_roles where rolname = $1)", [role], cancel);
}
