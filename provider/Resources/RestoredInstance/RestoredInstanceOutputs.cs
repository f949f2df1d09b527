using System.ComponentModel;
using PgFleet.Resources.Instances;
using PgFleet.Schema;
using PgFleet.Security;

namespace PgFleet.Resources.RestoredInstance;

internal sealed record RestoredInstanceOutputs : InstanceOutputs
{
    [Description("The role that the user logs in with, by the name that it had at that instant.")]
    public required string Username { get; init; }

    [Description("A URI to log in with, at the database postgres; with the password, if one is declared.")]
    [DependsOn(nameof(RestoredInstanceArgs.Password), nameof(InstanceArgs.Port), nameof(InstanceArgs.ListenAddresses))]
    public required Secret ConnectionUri { get; init; }

    [Description("When the last transaction that is in the restored state was committed, as RFC 3339 in UTC with microseconds; the end of the base backup if none was committed since. Empty until the restore has come that far.")]
    public required string RestoredTo { get; init; }

    [Description("The timeline that the server began with the restore: one more than its source's. 0 until the restore has come that far.")]
    public required int Timeline { get; init; }
}
