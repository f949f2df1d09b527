using Grpc.Core;
using Grpc.Net.Client;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Progress;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

/// <summary>
/// The engine's log, through which a provider's messages reach the user. A message that cannot be delivered is dropped without failing the operation.
/// </summary>
/// <param name="address">The engine's address, as <c>127.0.0.1:port</c>; null when it is not known.</param>
internal sealed class EngineLog(string? address) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel? channel = string.IsNullOrEmpty(address) ? null : GrpcChannel.ForAddress($"http://{address}");

    public string? Address { get; } = address;

    public Task WarnAsync(string urn, Message message) => SendAsync(new() { Severity = LogSeverity.Warning, Urn = urn, Message = message.ToString() });

    public void Dispose() => channel?.Dispose();

    /// <summary>Shows status text in the resource's live row; it does not appear in the final output.</summary>
    public Task ReportAsync(string urn, Step step, TimeSpan? left) =>
        SendAsync(new() { Severity = LogSeverity.Info, Urn = urn, Message = StepText.Of(step, left), Ephemeral = true });

    private async Task SendAsync(LogRequest request)
    {
        if (channel is null)
        {
            return;
        }
        try
        {
            await new Engine.EngineClient(channel).LogAsync(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Timeout);
        }
        catch (Exception undelivered) when (undelivered is RpcException or ObjectDisposedException)
        {
            // The engine has exited, is busy or has finished this run; the operation's result contains the information too.
        }
    }
}
