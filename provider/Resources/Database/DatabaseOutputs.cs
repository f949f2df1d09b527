using System.ComponentModel;
using PgFleet.Schema;
using PgFleet.Security;

namespace PgFleet.Resources.Database;

internal sealed record DatabaseOutputs
{
    [Description("How to connect to the database: `connection` with this database in it, or without `connection` a URI of the owner that has no password.")]
    [DependsOn(nameof(DatabaseArgs.Instance), nameof(DatabaseArgs.Name), nameof(DatabaseArgs.Connection), nameof(DatabaseArgs.Owner))]
    public required Secret ConnectionUri { get; init; }

    [Description("The fleet that the instance belongs to, and the place where it is kept.")]
    public required string FleetId { get; init; }

    [Description("Tells this database from every other one that bore its name: its server's identity, and the OID that PostgreSQL gave the database. A state of an earlier version has none until its next update.")]
    public string? Identity { get; init; }

    [Description("The identity of the database that bears the name now, when it is another one than this resource made. The next update takes it over; a deletion leaves it alone.")]
    [FoundInsteadOf(nameof(Identity))]
    public string? FoundIdentity { get; init; }
}
