using System.Globalization;
using PgFleet.Security;

namespace PgFleet.Applications;

/// <summary>The environment variables that direct a migration to its database. A password is passed in no other way.</summary>
internal static class TargetEnvironment
{
    /// <summary>
    /// A file of certificates that Node trusts in addition to its own. Node's clients treat sslmode=require more strictly than libpq does: they verify the
    /// certificate.
    /// </summary>
    public const string NodeAuthorities = "NODE_EXTRA_CA_CERTS";

    private const string Authority = "PGSSLROOTCERT";

    /// <summary>Variables that would direct libpq to another server or role if they were inherited.</summary>
    private static readonly string[] Misleading =
    [
        "PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGPASSFILE", "PGOPTIONS", "PGREQUIREAUTH", "PGREQUIREPEER", "PGREQUIRESSL", "PGSSLCERT", "PGSSLKEY",
        "PGSSLNEGOTIATION", Authority, "PGTARGETSESSIONATTRS", "DBOS_DBLOCALSUFFIX",
    ];

    /// <summary>The variables that a deploy sets.</summary>
    public static readonly IReadOnlySet<string> Names = Of(new("", "", "", 0, "", "", "", null)).Where(variable => variable.Value is not null).Select(variable => variable.Key).Append("DBOS_SYSTEM_DATABASE_URL").ToHashSet();

    /// <returns>The variables; null removes one.</returns>
    /// <remarks>
    /// The DBOS_DB* variables override dbos-config.yaml in the SDK's versions 2.4 to 2.10. Where a server is verified only by the client's own CAs,
    /// the client's CA settings are left unchanged.
    /// </remarks>
    public static IReadOnlyDictionary<string, string?> Of(Target target)
    {
        var port = target.Port.ToString(CultureInfo.InvariantCulture);
        var isClients = target.Authority is null && target.SslMode.StartsWith("verify-", StringComparison.Ordinal);
        var variables = new Dictionary<string, string?>(Misleading.Where(name => !(isClients && name == Authority)).Select(name => KeyValuePair.Create(name, (string?)null)))
        {
            ["DBOS_DATABASE_URL"] = target.Uri.Reveal(),
            ["DBOS_DBHOST"] = target.Host,
            ["DBOS_DBPASSWORD"] = target.Password.Reveal(),
            ["DBOS_DBPORT"] = port,
            ["DBOS_DBUSER"] = target.User,
            ["PGDATABASE"] = target.Database,
            ["PGHOST"] = target.Host,
            ["PGPASSWORD"] = target.Password.Reveal(),
            ["PGPORT"] = port,
            ["PGSSLMODE"] = target.SslMode,
            ["PGUSER"] = target.User,
        };
        if (target.Authority is { } files)
        {
            variables[Authority] = files.Server;
            variables[NodeAuthorities] = files.Node;
        }
        return variables;
    }
}

/// <summary>The database that migrations connect to.</summary>
/// <param name="Uri">All of the following as one URI.</param>
/// <param name="Host">The server's host name or address.</param>
/// <param name="User">The role.</param>
/// <param name="Port">The server's port.</param>
/// <param name="Password">The role's password.</param>
/// <param name="Database">The database's name.</param>
/// <param name="SslMode">libpq's sslmode.</param>
/// <param name="Authority">The CA files that the server's certificate is verified with; null: the client's own.</param>
internal sealed record Target(Secret Uri, string Host, string User, int Port, Secret Password, string Database, string SslMode, AuthorityFiles? Authority);

/// <summary>Files of CA certificates.</summary>
/// <param name="Server">Only the server's CAs.</param>
/// <param name="Node">The server's CAs and those that the user makes Node trust.</param>
internal sealed record AuthorityFiles(string Server, string Node);
