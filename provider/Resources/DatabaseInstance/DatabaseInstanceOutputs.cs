using System.ComponentModel;
using PgFleet.Resources.Instances;
using PgFleet.Schema;
using PgFleet.Security;

namespace PgFleet.Resources.DatabaseInstance;

internal sealed record DatabaseInstanceOutputs : InstanceOutputs
{
    [Description("A URI to log in with, password included, at the database postgres.")]
    [DependsOn(nameof(DatabaseInstanceArgs.Username), nameof(DatabaseInstanceArgs.Password), nameof(DatabaseInstanceArgs.Port), nameof(DatabaseInstanceArgs.ListenAddresses))]
    public required Secret ConnectionUri { get; init; }
}
