using Npgsql;
using PgFleet.Engines.Local.Configuration;
using PgFleet.Failures;
using PgFleet.Security;

namespace PgFleet.Postgres.Sql;

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
    /// <remarks>
    /// Before 15 everybody may create in schema public, which a superuser's search path holds (CVE-2018-1058). Before it stands one of the
    /// superuser's own name, which the role could make in the database that its address leads to: there it may create what it wants.
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

    /// <remarks>A verifier as such is stored as it is; renaming a role leaves it valid, for its salt has nothing of the name.</remarks>
    public async Task SetPasswordAsync(string username, Secret password, CancellationToken cancel)
    {
        var verifier = ScramVerifier.Make(await PasswordPreparation.PrepareAsync(password, admin, cancel));
        await ExecuteAsync($"ALTER ROLE {Quoted(username)} PASSWORD '{verifier.Reveal()}'", cancel);
    }

    /// <summary>What the server keeps of the role's password, to be given to a copy of the role; null when it has none.</summary>
    /// <param name="role">PostgreSQL's identifier.</param>
    public async Task<Secret?> FindVerifierAsync(uint role, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select rolpassword from pg_catalog.pg_authid where oid = $1", admin) { Parameters = { Oid(role) } };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <param name="verifier">Of <see cref="FindVerifierAsync(uint, CancellationToken)"/>.</param>
    public Task SetVerifierAsync(string username, Secret verifier, CancellationToken cancel) =>
        ExecuteAsync($"ALTER ROLE {Quoted(username)} PASSWORD '{verifier.Reveal().Replace("'", "''", StringComparison.Ordinal)}'", cancel);

    public async Task<uint> GetIdAsync(string username, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select oid from pg_catalog.pg_roles where rolname::text = $1", admin) { Parameters = { new() { Value = username } } };
        return (uint)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>The same by its name.</summary>
    public async Task<Secret?> FindVerifierAsync(string username, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select rolpassword from pg_catalog.pg_authid where rolname::text = $1", admin) { Parameters = { new() { Value = username } } };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <summary>The name of a role; null when there is none.</summary>
    /// <param name="instead">What it is renamed to when its name is no UTF-8, with which nobody could log in.</param>
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
        // Such a name cannot be said from here; the server can.
        await ExecuteAsync($"DO $rename$ BEGIN EXECUTE (SELECT pg_catalog.format('ALTER ROLE %I RENAME TO %I', rolname, '{instead.Replace("'", "''", StringComparison.Ordinal)}') FROM pg_catalog.pg_roles WHERE oid = {role}); END $rename$", cancel);
        return instead;
    }

    /// <summary>Lifts what keeps a role from logging in, whatever its password is.</summary>
    /// <returns>What that was, each as the rest of a sentence.</returns>
    public async Task<IReadOnlyList<string>> LetInAsync(string username, CancellationToken cancel)
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
