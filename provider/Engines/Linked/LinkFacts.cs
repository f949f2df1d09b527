using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Engines.Linked;

/// <summary>What a server reports about itself and about the role that asks.</summary>
/// <param name="Version">The full version, such as "15.18".</param>
/// <param name="SystemIdentifier">PostgreSQL's system identifier; null when the role may not read it.</param>
/// <param name="MayCreateDatabases">True if the role has CREATEDB, or is a superuser.</param>
/// <param name="IsStandby">True if it is a standby, and read-only.</param>
/// <param name="Pins">The names of <see cref="Postgres.Sessions.Pins.Uncertain"/> that the server knows and the role may set.</param>
internal sealed record LinkFacts(string Version, string? SystemIdentifier, bool MayCreateDatabases, bool IsStandby, ImmutableArray<string> Pins)
{
    private const int OldestMajor = 14;

    public static async Task<LinkFacts> ReadFactsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // Privileges on parameters exist since 15.
        var granted = connection.PostgreSqlVersion.Major >= 15 ? "or pg_catalog.has_parameter_privilege(s.name, 'SET')" : "";
        var facts = await connection.ListAsync(
            $"""
            select r.rolcreatedb or r.rolsuper, pg_catalog.pg_is_in_recovery(),
                case when pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')
                    then (select system_identifier::text from pg_catalog.pg_control_system()) end,
                array(select s.name from pg_catalog.pg_settings s where s.name = any($1) and (s.context = 'user' or r.rolsuper {granted}))
            from pg_catalog.pg_roles r where r.rolname = current_user
            """,
            [Postgres.Sessions.Pins.Uncertain.ToArray()],
            row => new LinkFacts(
                VersionOf(connection),
                row.IsDBNull(2) ? null : row.GetString(2),
                row.GetBoolean(0),
                row.GetBoolean(1),
                [.. row.GetFieldValue<string[]>(3)]),
            cancel);
        return facts[0];
    }

    /// <summary>The version without a packager's suffix.</summary>
    public static string VersionOf(NpgsqlConnection connection) => connection.ServerVersion.Split(' ')[0];

    /// <exception cref="ResourceFailure">Databases cannot be managed on this server.</exception>
    public void Require(ServerLink link)
    {
        if (int.Parse(string.Concat(Version.TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture) < OldestMajor)
        {
            throw Refusal("host", $"\"{link.Host}\" runs PostgreSQL {Version}, and {OldestMajor} is the oldest that can be linked.", "Upgrade the server, or name another.");
        }
        if (IsStandby)
        {
            throw Refusal("host", $"\"{link.Host}\" is a standby, on which nothing can be changed.", "Name its primary.");
        }
        if (!MayCreateDatabases)
        {
            throw Refusal(
                "adminUsername",
                $"\"{link.AdminUsername}\" may not create databases on \"{link.Host}\".",
                $"Have its administrator run ALTER ROLE \"{link.AdminUsername.Replace("\"", "\"\"", StringComparison.Ordinal)}\" CREATEDB, or name another role.");
        }
    }

    private static ResourceFailure Refusal(string input, string what, string remedy) => new(FailureKind.Refused, $"{Term.Property(input)}: {what}", remedy);
}
