using System.ComponentModel;
using PgFleet.Schema;
using PgFleet.Security;

namespace PgFleet.Resources.Application;

internal sealed record ApplicationOutputs
{
    [Description("The version in force: the id that this deploy was given. Empty until one has succeeded.")]
    [DependsOn(
        nameof(ApplicationArgs.Directory), nameof(ApplicationArgs.Instance), nameof(ApplicationArgs.PreviousVersion), nameof(ApplicationArgs.Triggers),
        nameof(ApplicationArgs.SourceHash), nameof(ApplicationArgs.Database))]
    public required string Version { get; init; }

    [Description("How to connect to the application's database: `connection` with this database in it, or without `connection` a URI of the instance's user that has no password.")]
    [DependsOn(nameof(ApplicationArgs.Instance), nameof(ApplicationArgs.Connection), nameof(ApplicationArgs.Database))]
    public required Secret ConnectionUri { get; init; }

    [Description("The fleet that the application belongs to, and the place where it is kept.")]
    public required string FleetId { get; init; }

    [Description("Tells this application from every other one that bore its name. A state of an earlier version has none until its next update.")]
    public string? Identity { get; init; }

    [Description("The identity of the application that bears the name now, when it is another one than this resource made. The next update takes it over; a deletion leaves it alone.")]
    [FoundInsteadOf(nameof(Identity))]
    public string? FoundIdentity { get; init; }
}
