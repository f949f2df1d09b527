using System.ComponentModel;
using PgFleet.Schema;

namespace PgFleet.Resources.Database;

internal sealed record DatabaseOutputs
{
    [Description("How to connect to the database: connection with this database in it, or without connection a URI of the owner that has no password.")]
    [Secret, Follows(nameof(DatabaseArgs.Instance), nameof(DatabaseArgs.Name), nameof(DatabaseArgs.Connection), nameof(DatabaseArgs.Owner))]
    public required string ConnectionUri { get; init; }

    [Description("The fleet that the instance belongs to, and the place where it is kept.")]
    public required string FleetId { get; init; }
}
