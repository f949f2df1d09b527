using System.ComponentModel;
using PgFleet.Schema;
using PgFleet.Security;

namespace PgFleet.Resources.LinkedInstance;

internal sealed record LinkedInstanceOutputs
{
    [Description("\"available\" when the server lets pgfleet in, else \"unreachable\", and the next update tries again and tells why.")]
    [ExpectedValue("available")]
    public required string Status { get; init; }

    [Description("The server's full version, such as \"15.18\".")]
    public required string ServerVersion { get; init; }

    [Description("A URI to log in with as the administrator, password included, at the database postgres. It has the sslmode, and names no file with the authority's certificate: clients that verify look in ~/.postgresql/root.crt or PGSSLROOTCERT.")]
    [DependsOn(
        nameof(LinkedInstanceArgs.Host),
        nameof(LinkedInstanceArgs.Port),
        nameof(LinkedInstanceArgs.AdminUsername),
        nameof(LinkedInstanceArgs.AdminPassword),
        nameof(LinkedInstanceArgs.SslMode))]
    public required Secret ConnectionUri { get; init; }

    [Description("The fleet that remembers the server: a random identity and the place where it was made.")]
    public required string FleetId { get; init; }

    [Description("Tells this link from every other one that bore its name. A state of an earlier version has none until its next update.")]
    public string? Identity { get; init; }

    [Description("The identity of the link that bears the name now, when it is another one than this resource made. The next update takes it over; a deletion leaves it alone.")]
    [FoundInsteadOf(nameof(Identity))]
    public string? FoundIdentity { get; init; }
}
