using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Resources.Instances;
using State = PgFleet.Resources.State<PgFleet.Resources.DatabaseInstance.DatabaseInstanceArgs, PgFleet.Resources.DatabaseInstance.DatabaseInstanceOutputs>;

namespace PgFleet.Resources.DatabaseInstance;

internal sealed class DatabaseInstanceHandler(IServerEngine engine, IAdministratorAccess administrator, ApplicationStore applications)
    : InstanceHandler<DatabaseInstanceArgs, DatabaseInstanceOutputs>(engine, administrator, applications)
{
    protected override ServerSpec SpecOf(DatabaseInstanceArgs args) => InstanceSpec.Of(args) with
    {
        Username = args.Username,
        Password = args.Password,
        Protected = args.DeletionProtection == true,
        PostgresVersion = args.PostgresVersion,
    };

    protected override State StateOf(ManagedServer server, DatabaseInstanceArgs? known, string fleetId)
    {
        var args = new DatabaseInstanceArgs
        {
            Username = server.Username,
            Password = known?.Password,
            PostgresVersion = server.Spec.PostgresVersion,
            DeletionProtection = server.Spec.Protected ?? known?.DeletionProtection ?? true,
        };
        return new(InstanceSpec.Observed(args, server.Spec, known), new()
        {
            Status = InstanceSpec.StatusName(server.Status),
            Host = server.Host,
            ServerVersion = server.Version,
            ConnectionUri = UriOf(server, known?.Password),
            CaCertificate = server.CaCertificate,
            CreatedAt = InstanceSpec.Time(server.CreatedAt),
            FleetId = fleetId,
            Identity = server.Identity,
        });
    }
}
