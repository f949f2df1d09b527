using PgFleet.Resources;

namespace PgFleet.Operations;

/// <summary>What a provider process knows between the calls of a run, whatever the protocol.</summary>
/// <param name="compose">Makes the resources and functions of a configuration; does no work.</param>
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

    /// <summary>A process that serves several runs forgets what an earlier one cancelled or planned.</summary>
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
