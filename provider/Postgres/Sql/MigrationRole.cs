using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Security;

namespace PgFleet.Postgres.Sql;

/// <summary>
/// A temporary role that logs in with its own password and then acts as another role, so that what it creates belongs to that one. If the
/// process is killed, the next role of this name replaces it; until then it expires by itself.
/// </summary>
/// <param name="sessions">The server's administrative sessions.</param>
/// <param name="name">The temporary role's name.</param>
/// <param name="owner">The role that it acts as.</param>
/// <param name="database">The database in which it acts.</param>
internal sealed class MigrationRole(Sessions sessions, string name, string owner, string database)
{
    /// <summary>The name prefix of such roles, and the name of a group that they join where the server has it.</summary>
    public const string Group = "pgfleet_migration";

    private static readonly TimeSpan Expiry = TimeSpan.FromDays(1);
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(10);

    private string Doing => $"make a role that acts as \"{owner}\"";

    /// <summary>Creates the role with the SCRAM verifier of its password, or updates it.</summary>
    /// <exception cref="ResourceFailure">The owner is a superuser.</exception>
    public Task EnsureAsync(Secret verifier, CancellationToken cancel) => sessions.TransactionAsync(
        Sessions.Maintenance,
        Doing,
        async connection =>
        {
            if (await RefusalAsync(connection, owner, database, cancel) is { } refusal)
            {
                throw refusal;
            }

            var joined = await TemporaryMembership.GrantAsync(connection, [owner], cancel);
            var until = await connection.ScalarAsync<string>("select (pg_catalog.now() + $1)::text", [Expiry], cancel);
            var verb = await connection.HasRoleAsync(name, cancel) ? "alter" : "create";
            await connection.ExecuteAsync($"{verb} role %I login password %L valid until %L", [name, verifier.Reveal(), until], cancel);
            await connection.ExecuteAsync(
                connection.PostgreSqlVersion.Major >= 16 ? "grant %I to %I with inherit true, set true" : "grant %I to %I", [owner, name], cancel);
            await connection.ExecuteAsync("alter role %I set role to %L", [name, owner], cancel);
            if (await connection.HasRoleAsync(Group, cancel))
            {
                await connection.ExecuteAsync("grant %I to %I", [Group, name], cancel);
            }

            await TemporaryMembership.RevokeAsync(connection, joined, cancel);
        },
        cancel);

    /// <summary>
    /// Ends the role's sessions, reassigns objects that it owns to the role it acted as, and drops it. A role that does not exist is no failure.
    /// </summary>
    public async Task DropAsync(CancellationToken cancel)
    {
        var doing = $"drop the role \"{name}\"";
        if (!await sessions.TransactionAsync(Sessions.Maintenance, doing, connection => DisableLoginAsync(connection, cancel), cancel))
        {
            return;
        }

        if (await sessions.ReadAsync(Sessions.Maintenance, doing, connection => Catalogue.FindAsync(connection, database, cancel), cancel) is { HalfDropped: false })
        {
            await sessions.TransactionAsync(database, doing, connection => InheritAsync(connection, cancel), cancel);
        }

        await sessions.TransactionAsync(Sessions.Maintenance, doing, connection => connection.ExecuteAsync("drop role if exists %I", [name], cancel), cancel);
    }

    /// <returns>Null when a migration may act as the database's owner.</returns>
    public static async Task<ResourceFailure?> RefusalAsync(NpgsqlConnection connection, string owner, string database, CancellationToken cancel) =>
        await connection.ScalarAsync<bool>("select exists (select from pg_roles where rolname = $1 and rolsuper)", [owner], cancel)
            ? new(
                FailureKind.Refused,
                $"Database \"{database}\" belongs to the superuser \"{owner}\", and no migration runs as one.",
                "Give it to a role of its own: declare it as a Database with an owner, or, once it is there, alter database … owner to …, reassign owned by ….")
            : null;

    /// <returns>False when the role does not exist.</returns>
    private async Task<bool> DisableLoginAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (!await connection.HasRoleAsync(name, cancel))
        {
            return false;
        }

        var joined = await TemporaryMembership.GrantAsync(connection, [name], cancel);
        await connection.ExecuteAsync("alter role %I nologin", [name], cancel);
        await connection.ScalarAsync<long>(
            "select pg_catalog.count(pg_catalog.pg_terminate_backend(pid, $2)) from pg_stat_activity where usename = $1", [name, (long)OutputTimeout.TotalMilliseconds], cancel);
        await TemporaryMembership.RevokeAsync(connection, joined, cancel);
        return true;
    }

    /// <remarks>A migration that runs RESET ROLE, as some tools do between scripts, creates objects that belong to this role.</remarks>
    private async Task InheritAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var joined = await TemporaryMembership.GrantAsync(connection, [name, owner], cancel);
        await connection.ExecuteAsync("reassign owned by %I to %I", [name, owner], cancel);
        await connection.ExecuteAsync("drop owned by %I", [name], cancel);
        await TemporaryMembership.RevokeAsync(connection, joined, cancel);
    }
}
