using System.ComponentModel;
using PgFleet.Resources.Instances;
using PgFleet.Schema;

namespace PgFleet.Resources.DatabaseInstance;

internal sealed record DatabaseInstanceOutputs : InstanceOutputs
{
    [Description("A URI to log in with, password included, at the database postgres.")]
    [Secret]
    [DependsOn(nameof(DatabaseInstanceArgs.Username), nameof(DatabaseInstanceArgs.Password), nameof(DatabaseInstanceArgs.Port), nameof(DatabaseInstanceArgs.ListenAddresses))]
    public required string ConnectionUri { get; init; }
}
