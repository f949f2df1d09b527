using System.Collections.Concurrent;
using PgFleet.Resources;

namespace PgFleet.Protocols;

/// <summary>What a provider process knows between the calls of a run, whatever the protocol.</summary>
/// <param name="compose">Makes the resources and functions of a configuration; does no work.</param>
internal class Run(Func<FleetConfig, Fleet> compose) : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> foreseen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?> freed = new(StringComparer.Ordinal);
    private CancellationTokenSource cancel = new();

    public Fleet Fleet { get; private set; } = compose(new());

    public CancellationToken Cancelled => cancel.Token;

    public void Configure(FleetConfig config) => Fleet = compose(config);

    public void Foresee(string? instance)
    {
        if (instance is not null)
        {
            foreseen[instance] = true;
        }
    }

    public bool Foresees(string instance) => foreseen.ContainsKey(instance);

    /// <param name="key">By which the protocol knows a resource whose plan was just made.</param>
    /// <param name="id">What is deleted before its successor is created; null when nothing is.</param>
    public void Free(string key, string? id) => freed[key] = id;

    public string? FreedBy(string key) => freed.GetValueOrDefault(key);

    public void Cancel() => cancel.Cancel();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A process that serves several runs forgets what an earlier one cancelled or planned.</summary>
    protected void Forget()
    {
        foreseen.Clear();
        freed.Clear();
        if (cancel.IsCancellationRequested)
        {
            cancel = new();
        }
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            cancel.Dispose();
        }
    }
}
