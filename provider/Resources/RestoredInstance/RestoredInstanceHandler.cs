using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Resources.Instances;
using PgFleet.Schema.Types;
using State = PgFleet.Resources.State<PgFleet.Resources.RestoredInstance.RestoredInstanceArgs, PgFleet.Resources.RestoredInstance.RestoredInstanceOutputs>;

namespace PgFleet.Resources.RestoredInstance;

internal sealed class RestoredInstanceHandler(IServerEngine engine, IRecoverable archives, IAdministratorAccess administrator, ApplicationStore applications)
    : InstanceHandler<RestoredInstanceArgs, RestoredInstanceOutputs>(engine, administrator, applications)
{
    /// <summary>Adds the source's recovery window to a problem with <c>restoreTime</c>.</summary>
    public override async Task<Message?> HintAsync(Problem problem, Func<string, string?> input, CancellationToken cancel)
    {
        if (problem.Path != "restoreTime" || input("sourceInstance") is not { } source)
        {
            return null;
        }
        try
        {
            return (await archives.GetWindowAsync(source, cancel)).Text;
        }
        catch (ResourceFailure unclear) when (unclear.Kind is FailureKind.Missing or FailureKind.Conflict)
        {
            return null;
        }
    }

    protected override ServerSpec SpecOf(RestoredInstanceArgs args) => InstanceSpec.Of(args) with
    {
        Password = args.Password,
        Protected = args.DeletionProtection == true,
        Origin = new(args.SourceInstance, args.RestoreTime.Instant),
    };

    protected override State StateOf(ManagedServer server, RestoredInstanceArgs? known, string fleetId)
    {
        var origin = server.Spec.Origin ?? throw RestoreOrigin.NoneFailure(server.Name);
        var args = new RestoredInstanceArgs
        {
            // Keeps the user's reference: the source may have another name by now.
            SourceInstance = known?.SourceInstance ?? origin.Source,
            RestoreTime = RestoreTime.Of(origin.Instant),
            Password = known?.Password,
            DeletionProtection = server.Spec.Protected ?? known?.DeletionProtection ?? false,
        };
        return new(InstanceSpec.Observed(args, server.Spec, known), new()
        {
            Status = InstanceSpec.StatusName(server.Status),
            Host = server.Host,
            ServerVersion = server.Version,
            Username = server.Username,
            ConnectionUri = UriOf(server, known?.Password),
            CaCertificate = server.CaCertificate,
            CreatedAt = InstanceSpec.Time(server.CreatedAt),
            RestoredTo = server.Restored is { } restored ? RecoveryWindow.Time(restored.To) : "",
            Timeline = server.Restored?.Timeline ?? 0,
            FleetId = fleetId,
            Identity = server.Identity,
        });
    }
}
