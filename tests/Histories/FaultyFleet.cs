using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Progress;

namespace PgFleet.Histories;

/// <summary>An engine with faults in its operations.</summary>
internal sealed class FaultyFleet(IServerEngine inner, IRecoverable archives, IAdministratorAccess administrator, Faults faults) : IServerEngine, IRecoverable, IAdministratorAccess
{
    public Task<string?> FindIdentityAsync(CancellationToken cancel) => inner.FindIdentityAsync(cancel);

    public Task<IReadOnlyList<Server>> ListAsync(CancellationToken cancel) => inner.ListAsync(cancel);

    public bool Has(string name) => inner.Has(name);

    public Task<ManagedServer?> FindAsync(string name, CancellationToken cancel) => inner.FindAsync(name, cancel);

    async Task<Server?> IServerDirectory.FindAsync(string name, CancellationToken cancel) => await FindAsync(name, cancel);

    public Task<Admin> OpenAsync(string name, string database, CancellationToken cancel) => administrator.OpenAsync(name, database, cancel);

    public Task<IReadOnlyList<Problem>> PreflightAsync(ManagedServer? prior, ServerSpec spec, CancellationToken cancel) => inner.PreflightAsync(prior, spec, cancel);

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

    public Task<RecoveryWindow> GetWindowAsync(string source, CancellationToken cancel) => archives.GetWindowAsync(source, cancel);

    public async Task DeleteAsync(string name, OperationContext work, Claim? claim = null)
    {
        faults.Pass(work.Cancel);
        await inner.DeleteAsync(name, faults.Through(work), claim);
        faults.Pass(work.Cancel, isDone: true);
    }

    public Task<string> BackUpAsync(string name, OperationContext work) => archives.BackUpAsync(name, work);

    public Task<IReadOnlyList<DeletedServer>> ListDeletedAsync(CancellationToken cancel) => archives.ListDeletedAsync(cancel);

    public Task<IReadOnlyList<string>> ListDamagedAsync(CancellationToken cancel) => archives.ListDamagedAsync(cancel);

    public Task<string> PurgeAsync(string deleted, OperationContext work) => archives.PurgeAsync(deleted, work);
}
