using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Progress;

namespace PgFleet.Histories;

/// <summary>An engine in whose work something goes wrong.</summary>
internal sealed class FaultyFleet(IServerEngine inner, Faults faults) : IServerEngine
{
    public Task<string?> FindIdentityAsync(CancellationToken cancel) => inner.FindIdentityAsync(cancel);

    public IAsyncEnumerable<Server> ListAsync(CancellationToken cancel) => inner.ListAsync(cancel);

    public bool Has(string name) => inner.Has(name);

    public Task<ManagedServer?> FindAsync(string name, CancellationToken cancel) => inner.FindAsync(name, cancel);

    async Task<Server?> IServerDirectory.FindAsync(string name, CancellationToken cancel) => await FindAsync(name, cancel);

    public Task<Admin> OpenAsync(string name, string database, CancellationToken cancel) => inner.OpenAsync(name, database, cancel);

    public IAsyncEnumerable<Problem> PreflightAsync(ManagedServer? prior, ServerSpec spec, CancellationToken cancel) => inner.PreflightAsync(prior, spec, cancel);

    public async Task<ManagedServer> CreateAsync(ServerSpec spec, OperationContext<ManagedServer> work)
    {
        faults.Pass(work.Cancel);
        var making = faults.Through(work);
        try
        {
            var made = await inner.CreateAsync(spec, making);
            faults.Pass(work.Cancel, isDone: true);
            return made;
        }
        finally
        {
            if (making.Partial is { } kept)
            {
                work.SavePartial(kept);
            }
        }
    }

    public async Task<ManagedServer> ApplyAsync(ServerSpec spec, OperationContext work, Claim? claim = null)
    {
        faults.Pass(work.Cancel);
        var made = await inner.ApplyAsync(spec, faults.Through(work), claim);
        faults.Pass(work.Cancel, isDone: true);
        return made;
    }

    public Task<RecoveryWindow> GetWindowAsync(string source, CancellationToken cancel) => inner.GetWindowAsync(source, cancel);

    public async Task DeleteAsync(string name, OperationContext work, Claim? claim = null)
    {
        faults.Pass(work.Cancel);
        await inner.DeleteAsync(name, faults.Through(work), claim);
        faults.Pass(work.Cancel, isDone: true);
    }

    public IAsyncEnumerable<DeletedServer> ListDeletedAsync(CancellationToken cancel) => inner.ListDeletedAsync(cancel);

    public IAsyncEnumerable<string> ListDamagedAsync(CancellationToken cancel) => inner.ListDamagedAsync(cancel);

    public Task<string> PurgeAsync(string deleted, OperationContext work) => inner.PurgeAsync(deleted, work);
}
