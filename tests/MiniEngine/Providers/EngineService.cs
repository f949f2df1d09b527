using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MiniEngine.Deployments;
using Pulumirpc;

namespace MiniEngine.Providers;

/// <summary>What providers may ask of the engine (protocol 2.5).</summary>
internal sealed class EngineService(RunLog log) : Engine.EngineBase
{
    public override Task<Empty> Log(LogRequest request, ServerCallContext context)
    {
        // Ephemeral messages are progress for a terminal, and there is none here.
        if (!request.Ephemeral)
            log.Write(request.Severity, request.Urn.Length == 0 ? null : Urn.Parse(request.Urn), request.Message);
        return Task.FromResult(new Empty());
    }
}
