using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PgFleet.Operations;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

/// <summary>
/// The gRPC service of Pulumi's protocol. This part implements the process-level calls; the other parts configuration, resources and functions.
/// </summary>
internal sealed partial class PulumiService : ResourceProvider.ResourceProviderBase
{
    private readonly PulumiSession session;
    private readonly CreateBeforeDestroy rules;
    private readonly ResourcePlanner planner;
    private readonly ResourceApplier applier;

    public PulumiService(PulumiSession session)
    {
        this.session = session;
        rules = new(session);
        planner = new(session, rules);
        applier = new(session, rules);
    }

    public override Task<ProviderHandshakeResponse> Handshake(ProviderHandshakeRequest request, ServerCallContext context)
    {
        session.Begin(request.EngineAddress);
        return Task.FromResult(new ProviderHandshakeResponse
        {
            AcceptSecrets = true,
            AcceptResources = true,
            AcceptOutputs = true,
            SupportsAutonamingConfiguration = true,
        });
    }

    public override Task<Empty> Attach(PluginAttach request, ServerCallContext context)
    {
        session.Begin(request.Address);
        return Task.FromResult(new Empty());
    }

    public override Task<PluginInfo> GetPluginInfo(Empty request, ServerCallContext context) =>
        Task.FromResult(new PluginInfo { Version = Package.Version });

    public override Task<GetSchemaResponse> GetSchema(GetSchemaRequest request, ServerCallContext context)
    {
        if (request.Version != 0 || request.SubpackageName.Length > 0)
        {
            throw new RpcException(new(StatusCode.InvalidArgument, "There is one schema, of version 0 and without sub-packages."));
        }
        return Task.FromResult(new GetSchemaResponse { Schema = Package.Schema(session.Fleet) });
    }

    /// <summary>The engine also calls it before every ordinary shutdown, so there may be nothing to cancel.</summary>
    public override Task<Empty> Cancel(Empty request, ServerCallContext context)
    {
        session.Cancel();
        return Task.FromResult(new Empty());
    }
}
