using PgFleet.Resources;

namespace PgFleet.Operations;

/// <summary>The state of a provider process between the calls of a run, for any protocol.</summary>
/// <param name="compose">Composes the resources and functions for a configuration, without side effects.</param>
internal class ProviderSession(Func<FleetConfig, ProviderDefinition> compose) : IDisposable
{
    private CancellationTokenSource cancel = new();

    public ProviderDefinition Fleet { get; private set; } = compose(new());

    public RunMemory Memory { get; } = new();

    public RestoreSources Sources { get; } = new();

    public CancellationToken Cancelled => cancel.Token;

    public void Configure(FleetConfig config) => Fleet = compose(config);

    public void Cancel() => cancel.Cancel();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Clears cancellation and plans, because a process may serve several runs.</summary>
    protected void Forget()
    {
        Memory.Clear();
        Sources.Clear();
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
