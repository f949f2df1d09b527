using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MiniEngine.Deployments;
using Pulumirpc;

namespace MiniEngine.Providers;

/// <summary>What providers may ask of the engine (protocol 2.5).</summary>
internal sealed class EngineService(RunLog log, Urn root) : Engine.EngineBase
{
    /// <summary>The Pulumi release whose behaviour is implemented here.</summary>
    private static readonly Version StandsFor = new(3, 260, 0);

    public override Task<Empty> Log(LogRequest request, ServerCallContext context)
    {
        var urn = request.Urn.Length == 0 ? null : Urn.Parse(request.Urn);
        if (request.Ephemeral)
            log.Progress(urn, request.Message);
        else
            log.Write(request.Severity, urn, request.Message);
        return Task.FromResult(new Empty());
    }

    public override Task<GetRootResourceResponse> GetRootResource(GetRootResourceRequest request, ServerCallContext context) =>
        Task.FromResult(new GetRootResourceResponse { Urn = root.ToString() });

    public override Task<RequirePulumiVersionResponse> RequirePulumiVersion(RequirePulumiVersionRequest request, ServerCallContext context)
    {
        var range = request.PulumiVersionRange.Trim();
        if (!range.StartsWith(">=", StringComparison.Ordinal) || !Version.TryParse(range[2..], out var least))
            throw new RpcException(new(StatusCode.InvalidArgument, $"MiniEngine reads ranges such as \">=3.200.0\" alone, not \"{range}\"."));
        return StandsFor >= least
            ? Task.FromResult(new RequirePulumiVersionResponse())
            : throw new RpcException(new(StatusCode.FailedPrecondition, $"The provider needs Pulumi {range}; this is {StandsFor}."));
    }
}
