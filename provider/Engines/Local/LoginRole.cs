using Npgsql;
using PgFleet.Engines.Sql;
using PgFleet.Failures;

namespace PgFleet.Engines.Local;

/// <summary>The role that the user logs in as: owner of all that it makes, and never a way to the machine.</summary>
internal sealed class LoginRole(NpgsqlConnection admin)
{
    /// <summary>
    /// A role with CREATEROLE may grant itself any role but a superuser's before 16, also those that run programs and read files as the
    /// servers' user; since 16 only those that it was given to administer (release notes of 16, "Role attributes").
    /// </summary>
    private const int SafeCreateRole = 16;

    private string CreateRole => admin.PostgreSqlVersion.Major >= SafeCreateRole ? "CREATEROLE" : "NOCREATEROLE";

    /// <summary>Makes the role, or makes it right, and keeps everybody else out of the databases that every server has. Migrations' roles get the group that pg_hba.conf knows them by.</summary>
    /// <remarks>Before 15 everybody may create in schema public, which a superuser's search path holds (CVE-2018-1058).</remarks>
    public async Task EnsureAsync(string username, CancellationToken cancel)
    {
        var role = Quoted(username);
        var create = await ExistsAsync(username, cancel) ? "" : $"CREATE ROLE {role};";
        var group = await ExistsAsync(ActingRole.Group, cancel) ? "" : $"CREATE ROLE {ActingRole.Group};";
        await ExecuteAsync(
            $"""
            {create}
            {group}
            ALTER ROLE {ActingRole.Group} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            ALTER ROLE {role} LOGIN INHERIT CREATEDB {CreateRole} NOSUPERUSER NOREPLICATION NOBYPASSRLS;
            GRANT pg_monitor, pg_read_all_data, pg_write_all_data, pg_signal_backend TO {role};
            REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
            GRANT CONNECT, CREATE, TEMPORARY ON DATABASE postgres TO {role};
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            """,
            cancel);
    }

    /// <remarks>A verifier as such is stored as it is; renaming a role leaves it valid, for its salt has nothing of the name.</remarks>
    public async Task SetPasswordAsync(string username, string password, CancellationToken cancel)
    {
        var verifier = ScramVerifier.Make(await PasswordPreparation.PrepareAsync(password, admin, cancel));
        await ExecuteAsync($"ALTER ROLE {Quoted(username)} PASSWORD '{verifier}'", cancel);
    }

    /// <summary>What the server keeps of the role's password, to be given to a copy of the role; null when it has none.</summary>
    /// <param name="role">PostgreSQL's identifier.</param>
    public async Task<string?> FindVerifierAsync(uint role, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select rolpassword from pg_catalog.pg_authid where oid = $1", admin) { Parameters = { Oid(role) } };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <param name="verifier">Of <see cref="FindVerifierAsync"/>.</param>
    public Task SetVerifierAsync(string username, string verifier, CancellationToken cancel) =>
        ExecuteAsync($"ALTER ROLE {Quoted(username)} PASSWORD '{verifier.Replace("'", "''", StringComparison.Ordinal)}'", cancel);

    public async Task<uint> GetIdAsync(string username, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select oid from pg_catalog.pg_roles where rolname::text = $1", admin) { Parameters = { new() { Value = username } } };
        return (uint)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>The name of a role; null when there is none.</summary>
    public async Task<string?> FindNameAsync(uint role, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select rolname::text from pg_catalog.pg_roles where oid = $1", admin) { Parameters = { Oid(role) } };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <summary>Already renamed is fine.</summary>
    public async Task RenameAsync(string from, string to, CancellationToken cancel)
    {
        if (from == to || !await ExistsAsync(from, cancel))
        {
            return;
        }
        if (await ExistsAsync(to, cancel))
        {
            throw new ResourceFailure(FailureKind.Conflict, $"The server has a role \"{to}\" already, beside \"{from}\".", "Drop it, or choose another username.");
        }
        await ExecuteAsync($"ALTER ROLE {Quoted(from)} RENAME TO {Quoted(to)}", cancel);
    }

    private static NpgsqlParameter Oid(uint role) => new() { Value = role, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid };

    private async Task<bool> ExistsAsync(string username, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select exists (select from pg_catalog.pg_roles where rolname::text = $1)", admin)
        {
            Parameters = { new() { Value = username } },
        };
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    /// <remarks>Several statements in one message are one transaction.</remarks>
    private async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
