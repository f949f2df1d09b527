using Grpc.Core;
using Grpc.Net.Client;
using PgFleet.Operations;
using PgFleet.Progress;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

/// <summary>The engine's own log, the one place where a provider's words reach the user. A line that cannot be delivered is dropped: no operation fails for it.</summary>
/// <param name="address">Where the engine listens, as <c>127.0.0.1:port</c>; null when it did not say.</param>
internal sealed class EngineLog(string? address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel? channel = string.IsNullOrEmpty(address) ? null : GrpcChannel.ForAddress($"http://{address}");

    public string? Address { get; } = address;

    public Task WarnAsync(string urn, string message) => SendAsync(new() { Severity = LogSeverity.Warning, Urn = urn, Message = message });

    public void Dispose() => channel?.Dispose();

    /// <summary>Status text in the resource's live row; it leaves no trace in the final output.</summary>
    public Task ShowAsync(string urn, Step step, TimeSpan? left) =>
        SendAsync(new() { Severity = LogSeverity.Info, Urn = urn, Message = StepText.Of(step, left), Ephemeral = true });

    private async Task SendAsync(LogRequest request)
    {
        if (channel is null)
        {
            return;
        }
        try
        {
            await new Engine.EngineClient(channel).LogAsync(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Patience);
        }
        catch (Exception undelivered) when (undelivered is RpcException or ObjectDisposedException)
        {
            // The engine is gone, too busy or done with this run; what the line tells is also in the operation's result.
        }
    }
}
