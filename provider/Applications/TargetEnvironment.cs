using System.Globalization;
using PgFleet.Security;

namespace PgFleet.Applications;

/// <summary>What leads a migration to its database: variables of its environment, and nowhere else a password.</summary>
internal static class TargetEnvironment
{
    /// <summary>Names a file of certificates that Node trusts beside its own; its clients take sslmode=require for more than libpq does, and verify.</summary>
    public const string NodeAuthorities = "NODE_EXTRA_CA_CERTS";

    private const string Authority = "PGSSLROOTCERT";

    /// <summary>What would lead libpq elsewhere, or in as somebody else, if it were inherited.</summary>
    private static readonly string[] Misleading =
    [
        "PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGPASSFILE", "PGOPTIONS", "PGREQUIREAUTH", "PGREQUIREPEER", "PGREQUIRESSL", "PGSSLCERT", "PGSSLKEY",
        "PGSSLNEGOTIATION", Authority, "PGTARGETSESSIONATTRS", "DBOS_DBLOCALSUFFIX",
    ];

    /// <summary>What a deploy sets.</summary>
    public static readonly IReadOnlySet<string> Names = Of(new("", "", "", 0, "", "", "", null)).Where(variable => variable.Value is not null).Select(variable => variable.Key).Append("DBOS_SYSTEM_DATABASE_URL").ToHashSet();

    /// <returns>Null takes a variable away.</returns>
    /// <remarks>
    /// The DBOS_DB* variables win over dbos-config.yaml in the SDK's versions 2.4 to 2.10. Where only the client's own authorities vouch for a
    /// server, they are left as the client names them.
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

/// <param name="Uri">The same in one.</param>
/// <param name="Authority">With the certificates that the server's is checked against; null: the client's own.</param>
internal sealed record Target(Secret Uri, string Host, string User, int Port, Secret Password, string Database, string SslMode, AuthorityFiles? Authority);

/// <param name="Server">The server's authorities alone.</param>
/// <param name="Node">The same, and what the user has Node trust.</param>
internal sealed record AuthorityFiles(string Server, string Node);
