using System.Globalization;
using PgFleet.Engines;
using PgFleet.Postgres.Sql;

namespace PgFleet.Resources.Database;

/// <summary>Distinguishes a database from others that had its name. An OID alone is not enough: a physical copy of a server has the same OIDs.</summary>
/// <param name="Server">The identity of its server or link.</param>
/// <param name="Oid">The database's OID.</param>
internal sealed record DatabaseIdentity(string Server, uint Oid)
{
    public static DatabaseIdentity Of(Server server, FoundDatabase found) => new(server.Identity, found.Oid);

    /// <summary>Parses an identity; null if the state has none because an earlier version wrote it.</summary>
    public static DatabaseIdentity? Parse(string? text) =>
        text?.Split('/') is [var server, var oid] && uint.TryParse(oid, CultureInfo.InvariantCulture, out var number) ? new(server, number) : null;

    public override string ToString() => $"{Server}/{Oid.ToString(CultureInfo.InvariantCulture)}";
}
