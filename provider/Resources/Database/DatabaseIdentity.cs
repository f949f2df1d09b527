using System.Globalization;
using PgFleet.Engines;
using PgFleet.Postgres.Sql;

namespace PgFleet.Resources.Database;

/// <summary>Which database is meant, of all that bore its name. An OID alone does not tell: a physical copy of a server has the same ones.</summary>
/// <param name="Server">Its server's, or its link's, identity.</param>
internal sealed record DatabaseIdentity(string Server, uint Oid)
{
    public static DatabaseIdentity Of(Server server, FoundDatabase found) => new(server.Identity, found.Oid);

    /// <summary>Null where a state has none: an earlier version wrote it.</summary>
    public static DatabaseIdentity? Parse(string? text) =>
        text?.Split('/') is [var server, var oid] && uint.TryParse(oid, CultureInfo.InvariantCulture, out var number) ? new(server, number) : null;

    public override string ToString() => $"{Server}/{Oid.ToString(CultureInfo.InvariantCulture)}";
}
