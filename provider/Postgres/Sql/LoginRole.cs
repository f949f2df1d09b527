using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Security;

namespace PgFleet.Postgres.Sql;

/// <summary>Manages the role that the user logs in as. It owns what it creates, and gives no access to the machine.</summary>
internal sealed class LoginRole(NpgsqlConnection admin)
{
    /// <summary>
    /// Before 16, a role with CREATEROLE may grant itself any role that is not a superuser, also those that run programs and read files as the
    /// servers' user; since 16 only roles that it has ADMIN OPTION on (release notes of 16, "Role attributes").
    /// </summary>
    private const int SafeCreateRole = 16;

    private string CreateRole => admin.PostgreSqlVersion.Major >= SafeCreateRole ? "CREATEROLE" : "NOCREATEROLE";

    /// <summary>
    /// Creates the role or corrects its attributes, and revokes PUBLIC's access to the databases that every server has. Also creates the group of migration
    /// roles, which pg_hba.conf refers to.
    /// </summary>
    /// <remarks>
    /// Before 15, every role may create objects in schema public, which is on a superuser's search path (CVE-2018-1058). The path's first entry is
    /// the schema of the superuser's own name, which the login role could create in database postgres, where it has CREATE.
    /// </remarks>
    public async Task EnsureAsync(string username, CancellationToken cancel)
    {
        var create = await admin.HasRoleAsync(username, cancel) ? "" : "CREATE ROLE %1$I;";
        var group = await admin.HasRoleAsync(MigrationRole.Group, cancel) ? "" : "CREATE ROLE %2$I;";
        // Several statements in one message are one transaction.
        await admin.ExecuteAsync(
            $"""
            {create}
            {group}
            ALTER ROLE %2$I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            ALTER ROLE %1$I LOGIN INHERIT CREATEDB {CreateRole} NOSUPERUSER NOREPLICATION NOBYPASSRLS;
            GRANT pg_monitor, pg_read_all_data, pg_write_all_data, pg_signal_backend TO %1$I;
            REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
            GRANT CONNECT, CREATE, TEMPORARY ON DATABASE postgres TO %1$I;
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            ALTER ROLE {Roles.Superuser} IN DATABASE {AdminPool.Maintenance} SET search_path TO public;
            """,
            [username, MigrationRole.Group],
            cancel);
    }

    /// <remarks>PostgreSQL stores a verifier unchanged. It stays valid when the role is renamed, because its salt does not depend on the name.</remarks>
    public async Task SetPasswordAsync(string username, Secret password, CancellationToken cancel)
    {
        var verifier = ScramVerifier.Make(await PasswordPreparation.PrepareAsync(password, admin, cancel));
        await SetVerifierAsync(username, verifier, cancel);
    }

    /// <summary>Reads the role's password verifier, to give it to a copy of the role; null when it has no password.</summary>
    public async Task<Secret?> FindVerifierAsync(uint role, CancellationToken cancel) =>
        await admin.FindAsync<string>("select rolpassword from pg_catalog.pg_authid where oid = $1::pg_catalog.oid", [(long)role], cancel);

    /// <summary>Sets a verifier that <see cref="FindVerifierAsync(uint, CancellationToken)"/> returned.</summary>
    public Task SetVerifierAsync(string username, Secret verifier, CancellationToken cancel) =>
        admin.ExecuteAsync("ALTER ROLE %I PASSWORD %L", [username, verifier.Reveal()], cancel);

    public Task<uint> GetIdAsync(string username, CancellationToken cancel) =>
        admin.ScalarAsync<uint>("select oid from pg_catalog.pg_roles where rolname = $1", [username], cancel);

    /// <summary>Reads a role's verifier by the role's name.</summary>
    public async Task<Secret?> FindVerifierAsync(string username, CancellationToken cancel) =>
        await admin.FindAsync<string>("select rolpassword from pg_catalog.pg_authid where rolname = $1", [username], cancel);

    /// <summary>
    /// Returns the name of a role; null when there is none. A name that is not valid UTF-8, with which no client could log in, is changed to
    /// <paramref name="instead"/>.
    /// </summary>
    public async Task<string?> FindNameAsync(uint role, string instead, CancellationToken cancel)
    {
        if (await admin.FindAsync<string>($"select {RawText.Sql("rolname")} from pg_catalog.pg_roles where oid = $1::pg_catalog.oid", [(long)role], cancel) is not { } digits)
        {
            return null;
        }
        if (RawText.Read(digits) is { Reads: true } name)
        {
            return name.Text;
        }
        // The name cannot be sent from here, but the server can format it.
        await admin.ExecuteAsync(
            $"DO $rename$ BEGIN EXECUTE (SELECT pg_catalog.format('ALTER ROLE %%I RENAME TO %%I', rolname, %L) FROM pg_catalog.pg_roles WHERE oid = {role}); END $rename$",
            [instead],
            cancel);
        return instead;
    }

    /// <summary>Removes restrictions that keep a role from logging in, apart from its password.</summary>
    /// <returns>The restrictions, each as the rest of a sentence.</returns>
    public async Task<IReadOnlyList<string>> EnableLoginAsync(string username, CancellationToken cancel)
    {
        var rows = await admin.ListAsync(
            "select not rolcanlogin, rolconnlimit = 0, case when rolvaliduntil < 'infinity' then rolvaliduntil::text end from pg_catalog.pg_authid where rolname = $1",
            [username],
            row => (NoLogin: row.GetBoolean(0), NoConnection: row.GetBoolean(1), Until: row.IsDBNull(2) ? null : row.GetString(2)),
            cancel);
        var role = rows.FirstOrDefault();
        var bars = new List<string>();
        bars.AddRange(role.NoLogin ? ["could not log in (NOLOGIN)"] : []);
        bars.AddRange(role.NoConnection ? ["was allowed no connection (CONNECTION LIMIT 0)"] : []);
        bars.AddRange(role.Until is { } until ? [$"had a password with an end (VALID UNTIL '{until}')"] : []);
        if (bars.Count > 0)
        {
            await admin.ExecuteAsync($"ALTER ROLE %I LOGIN VALID UNTIL 'infinity'{(role.NoConnection ? " CONNECTION LIMIT -1" : "")}", [username], cancel);
        }
        return bars;
    }

    /// <summary>Renames the role; no failure if it was renamed before.</summary>
    public async Task RenameAsync(string from, string to, CancellationToken cancel)
    {
        if (from == to || !await admin.HasRoleAsync(from, cancel))
        {
            return;
        }
        if (await admin.HasRoleAsync(to, cancel))
        {
            throw new ResourceFailure(FailureKind.Conflict, $"The server has a role \"{to}\" already, beside \"{from}\".", "Drop it, or choose another username.");
        }
        await admin.ExecuteAsync("ALTER ROLE %I RENAME TO %I", [from, to], cancel);
    }
}
