using System.ComponentModel;
using PgFleet.Schema;

namespace PgFleet.Resources.Instances;

/// <summary>The outputs of every managed server.</summary>
internal abstract record InstanceOutputs
{
    [Description("\"available\" when the server answers and archives; else \"unfinished\", \"stopped\", \"degraded\" or \"lost\", and the next update mends what can be mended.")]
    [ExpectedValue("available"), UnfinishedWhen("unfinished")]
    public required string Status { get; init; }

    [Description("The name or address at which clients reach the server.")]
    [DependsOn(nameof(InstanceArgs.ListenAddresses))]
    public required string Host { get; init; }

    [Description("The server's full version, such as \"15.18\".")]
    // A restart uses the programs that are installed at that time.
    [DependsOn(nameof(InstanceArgs.ListenAddresses), nameof(InstanceArgs.Port), nameof(InstanceArgs.Parameters))]
    public required string ServerVersion { get; init; }

    [Description("The PEM certificate of the authority that signed the server's own, for clients with sslmode=verify-full.")]
    public required string CaCertificate { get; init; }

    [Description("When the server was made, as RFC 3339 in UTC.")]
    public required string CreatedAt { get; init; }

    [Description("The fleet that the server belongs to: a random identity and the place where it was made.")]
    public required string FleetId { get; init; }

    [Description("Tells this server from every other one that bore its name; a restored server has its own. A state of an earlier version has none until its next update.")]
    public string? Identity { get; init; }

    [Description("The identity of the server that bears the name now, when it is another one than this resource made. The next update takes it over; a deletion leaves it alone.")]
    [FoundInsteadOf(nameof(Identity))]
    public string? FoundIdentity { get; init; }
}
