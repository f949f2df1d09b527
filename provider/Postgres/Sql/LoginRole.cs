using Npgsql;
using PgFleet.Engines.Local.Configuration;
using PgFleet.Failures;
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
        var role = Quoted(username);
        var create = await ExistsAsync(username, cancel) ? "" : $"CREATE ROLE {role};";
        var group = await ExistsAsync(MigrationRole.Group, cancel) ? "" : $"CREATE ROLE {MigrationRole.Group};";
        await ExecuteAsync(
            $"""
            {create}
            {group}
            ALTER ROLE {MigrationRole.Group} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            ALTER ROLE {role} LOGIN INHERIT CREATEDB {CreateRole} NOSUPERUSER NOREPLICATION NOBYPASSRLS;
            GRANT pg_monitor, pg_read_all_data, pg_write_all_data, pg_signal_backend TO {role};
            REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
            GRANT CONNECT, CREATE, TEMPORARY ON DATABASE postgres TO {role};
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            ALTER ROLE {ServerConfiguration.Superuser} IN DATABASE {ServerConfiguration.Superuser} SET search_path TO public;
            """,
            cancel);
    }

    /// <remarks>PostgreSQL stores a verifier unchanged. It stays valid when the role is renamed, because its salt does not depend on the name.</remarks>
    public async Task SetPasswordAsync(string username, Secret password, CancellationToken cancel)
    {
        var verifier = ScramVerifier.Make(await PasswordPreparation.PrepareAsync(password, admin, cancel));
        await ExecuteAsync($"ALTER ROLE {Quoted(username)} PASSWORD '{verifier.Reveal()}'", cancel);
    }

    /// <summary>Reads the role's password verifier, to give it to a copy of the role; null when it has no password.</summary>
    public async Task<Secret?> FindVerifierAsync(uint role, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select rolpassword from pg_catalog.pg_authid where oid = $1", admin) { Parameters = { Oid(role) } };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <summary>Sets a verifier that <see cref="FindVerifierAsync(uint, CancellationToken)"/> returned.</summary>
    public Task SetVerifierAsync(string username, Secret verifier, CancellationToken cancel) =>
        ExecuteAsync($"ALTER ROLE {Quoted(username)} PASSWORD '{verifier.Reveal().Replace("'", "''", StringComparison.Ordinal)}'", cancel);

    public async Task<uint> GetIdAsync(string username, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select oid from pg_catalog.pg_roles where rolname::text = $1", admin) { Parameters = { new() { Value = username } } };
        return (uint)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Reads a role's verifier by the role's name.</summary>
    public async Task<Secret?> FindVerifierAsync(string username, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select rolpassword from pg_catalog.pg_authid where rolname::text = $1", admin) { Parameters = { new() { Value = username } } };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <summary>
    /// Returns the name of a role; null when there is none. A name that is not valid UTF-8, with which no client could log in, is changed to
    /// <paramref name="instead"/>.
    /// </summary>
    public async Task<string?> FindNameAsync(uint role, string instead, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"select {RawText.Sql("rolname")} from pg_catalog.pg_roles where oid = $1", admin) { Parameters = { Oid(role) } };
        if (await command.ExecuteScalarAsync(cancel) is not string digits)
        {
            return null;
        }
        if (RawText.Read(digits) is { Reads: true } name)
        {
            return name.Text;
        }
        // The name cannot be sent from here, but the server can format it.
        await ExecuteAsync($"DO $rename$ BEGIN EXECUTE (SELECT pg_catalog.format('ALTER ROLE %I RENAME TO %I', rolname, '{instead.Replace("'", "''", StringComparison.Ordinal)}') FROM pg_catalog.pg_roles WHERE oid = {role}); END $rename$", cancel);
        return instead;
    }

    /// <summary>Removes restrictions that keep a role from logging in, apart from its password.</summary>
    /// <returns>The restrictions, each as the rest of a sentence.</returns>
    public async Task<IReadOnlyList<string>> EnableLoginAsync(string username, CancellationToken cancel)
    {
        var bars = new List<string>();
        await using (var command = new NpgsqlCommand(
            "select not rolcanlogin, rolconnlimit = 0, case when rolvaliduntil < 'infinity' then rolvaliduntil::text end from pg_catalog.pg_authid where rolname::text = $1", admin)
        {
            Parameters = { new() { Value = username } },
        })
        {
            await using var row = await command.ExecuteReaderAsync(cancel);
            if (await row.ReadAsync(cancel))
            {
                bars.AddRange(row.GetBoolean(0) ? ["could not log in (NOLOGIN)"] : []);
                bars.AddRange(row.GetBoolean(1) ? ["was allowed no connection (CONNECTION LIMIT 0)"] : []);
                bars.AddRange(row.IsDBNull(2) ? [] : [$"had a password with an end (VALID UNTIL '{row.GetString(2)}')"]);
            }
        }
        if (bars.Count > 0)
        {
            await ExecuteAsync($"ALTER ROLE {Quoted(username)} LOGIN VALID UNTIL 'infinity'{(bars.Exists(bar => bar.Contains("CONNECTION LIMIT", StringComparison.Ordinal)) ? " CONNECTION LIMIT -1" : "")}", cancel);
        }
        return bars;
    }

    /// <summary>Renames the role; no failure if it was renamed before.</summary>
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

    /// <remarks>Several statements in one simple query are one transaction.</remarks>
    private async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
