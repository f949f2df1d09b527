using PgFleet.Operations;
using PgFleet.Resources;

namespace PgFleet.Protocols.Pulumi;

/// <summary>A run, and the engine that it is told to. A process that is attached to may serve many runs, one after the other.</summary>
/// <param name="compose">Makes the resources and functions of a configuration; does no work.</param>
/// <param name="engineAddress">Where the engine that started the process listens, if any did.</param>
internal sealed class PulumiSession(Func<FleetConfig, ProviderDefinition> compose, string? engineAddress) : ProviderSession(compose)
{
    public EngineLog Log { get; private set; } = new(engineAddress);

    /// <summary>A run begins.</summary>
    public void Begin(string? address)
    {
        var isOther = !string.IsNullOrEmpty(address) && address != Log.Address;
        // Every provider that a program configures shakes hands: with one process for all of them, in the midst of a run too.
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
