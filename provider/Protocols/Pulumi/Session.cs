using System.Collections.Concurrent;
using PgFleet.Engines;
using PgFleet.Resources;

namespace PgFleet.Protocols.Pulumi;

/// <summary>What a provider process knows between calls. A process that is attached to may serve many runs, one after the other.</summary>
/// <param name="compose">Makes the resources and functions of a configuration; does no work.</param>
/// <param name="engineAddress">Where the engine that started the process listens, if any did.</param>
internal sealed class Session(Func<FleetConfig, Fleet> compose, string? engineAddress) : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> foreseen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?> freed = new(StringComparer.Ordinal);
    private CancellationTokenSource cancel = new();

    public Fleet Fleet { get; private set; } = compose(new());

    public EngineLog Log { get; private set; } = new(engineAddress);

    public CancellationToken Cancelled => cancel.Token;

    /// <summary>A run begins: what an earlier one cancelled or planned is forgotten.</summary>
    public void Begin(string? address)
    {
        foreseen.Clear();
        freed.Clear();
        if (cancel.IsCancellationRequested)
        {
            cancel = new();
        }
        if (!string.IsNullOrEmpty(address) && address != Log.Address)
        {
            var last = Log;
            Log = new(address);
            last.Dispose();
        }
    }

    public void Configure(FleetConfig config) => Fleet = compose(config);

    public void Foresee(string? instance)
    {
        if (instance is not null)
        {
            foreseen[instance] = true;
        }
    }

    public bool Foresees(string instance) => foreseen.ContainsKey(instance);

    /// <param name="urn">Of a resource whose plan was just made.</param>
    /// <param name="id">What is deleted before its successor is created; null when nothing is.</param>
    public void Free(string urn, string? id) => freed[urn] = id;

    public string? FreedBy(string urn) => freed.GetValueOrDefault(urn);

    public void Cancel() => cancel.Cancel();

    public void Dispose()
    {
        cancel.Dispose();
        Log.Dispose();
    }
}
