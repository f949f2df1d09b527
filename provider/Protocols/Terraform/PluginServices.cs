using Google.Protobuf.WellKnownTypes;
using GoPlugin;
using Grpc.Core;

namespace PgFleet.Protocols.Terraform;

/// <summary>Ends the process when Terraform no longer needs it; otherwise Terraform would wait two seconds and kill it.</summary>
internal sealed class PluginController(IHostApplicationLifetime lifetime) : GRPCController.GRPCControllerBase
{
    public override Task<Nothing> Shutdown(Nothing request, ServerCallContext context)
    {
        // The response is still sent: Kestrel closes connections once they are idle.
        lifetime.StopApplication();
        return Task.FromResult(new Nothing());
    }
}

/// <summary>Keeps open the stream that Terraform requires, and sends nothing on it.</summary>
internal sealed class PluginBroker(IHostApplicationLifetime lifetime) : GRPCBroker.GRPCBrokerBase
{
    public override Task StartStream(IAsyncStreamReader<ConnInfo> requestStream, IServerStreamWriter<ConnInfo> responseStream, ServerCallContext context) =>
        IdleStream.UntilTheEndAsync(lifetime, context);
}

/// <summary>Keeps the stream of stdout and stderr open and empty: the log is on the real stderr, and stdout is not used.</summary>
internal sealed class PluginStdio(IHostApplicationLifetime lifetime) : GRPCStdio.GRPCStdioBase
{
    public override Task StreamStdio(Empty request, IServerStreamWriter<StdioData> responseStream, ServerCallContext context) =>
        IdleStream.UntilTheEndAsync(lifetime, context);
}

internal static class IdleStream
{
    /// <summary>Keeps a stream open until the process stops; otherwise open streams would delay its end.</summary>
    public static async Task UntilTheEndAsync(IHostApplicationLifetime lifetime, ServerCallContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.CancellationToken);
        await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
