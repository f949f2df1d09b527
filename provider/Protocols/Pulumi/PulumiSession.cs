using PgFleet.Operations;
using PgFleet.Resources;

namespace PgFleet.Protocols.Pulumi;

/// <summary>A run with the engine's log. A process that engines attach to may serve many runs in succession.</summary>
/// <param name="compose">Composes the resources and functions for a configuration, without side effects.</param>
/// <param name="engineAddress">The address of the engine that started the process; null when there is none.</param>
internal sealed class PulumiSession(Func<FleetConfig, ProviderDefinition> compose, string? engineAddress) : ProviderSession(compose)
{
    public EngineLog Log { get; private set; } = new(engineAddress);

    /// <summary>Begins a run, unless the same engine is in the middle of one.</summary>
    public void Begin(string? address)
    {
        var isOther = !string.IsNullOrEmpty(address) && address != Log.Address;
        // Each provider that a program configures makes a handshake, with one process for all of them, also in the middle of a run.
        if (isOther || Cancelled.IsCancellationRequested)
        {
            Forget();
        }
        if (isOther)
        {
            var last = Log;
            Log = new(address);
            last.Dispose();
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Log.Dispose();
    }
}
