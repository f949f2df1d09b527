using Google.Protobuf.WellKnownTypes;
using GoPlugin;
using Grpc.Core;
using GrpcHealth;

namespace PgFleet.Protocols.Terraform;

/// <summary>Ends the process when Terraform is done with it, which otherwise waits two seconds and kills.</summary>
internal sealed class PluginController(IHostApplicationLifetime lifetime) : GRPCController.GRPCControllerBase
{
    public override Task<Nothing> Shutdown(Nothing request, ServerCallContext context)
    {
        // After the answer: Kestrel ends its connections when they have nothing under way.
        lifetime.StopApplication();
        return Task.FromResult(new Nothing());
    }
}

/// <summary>Keeps the stream open that Terraform wants, and says nothing on it.</summary>
internal sealed class PluginBroker(IHostApplicationLifetime lifetime) : GRPCBroker.GRPCBrokerBase
{
    public override Task StartStream(IAsyncStreamReader<ConnInfo> requestStream, IServerStreamWriter<ConnInfo> responseStream, ServerCallContext context) =>
        Silence.UntilTheEndAsync(lifetime, context);
}

/// <summary>The log goes to the real stderr, and stdout is silent.</summary>
internal sealed class PluginStdio(IHostApplicationLifetime lifetime) : GRPCStdio.GRPCStdioBase
{
    public override Task StreamStdio(Empty request, IServerStreamWriter<StdioData> responseStream, ServerCallContext context) =>
        Silence.UntilTheEndAsync(lifetime, context);
}

internal sealed class PluginHealth : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Task.FromResult(new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving });
}

internal static class Silence
{
    /// <summary>A stream that stays open would hold up the end of the process.</summary>
    public static async Task UntilTheEndAsync(IHostApplicationLifetime lifetime, ServerCallContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.CancellationToken);
        await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
