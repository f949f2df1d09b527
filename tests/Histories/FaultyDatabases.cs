using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Histories;

/// <summary>Databases with faults in their operations.</summary>
internal sealed class FaultyDatabases(IDatabases inner, Faults faults) : IDatabases
{
    public Task<IReadOnlyList<FoundDatabase>> ListAsync(CancellationToken cancel) => inner.ListAsync(cancel);

    public Task<FoundDatabase?> FindAsync(string name, CancellationToken cancel) => inner.FindAsync(name, cancel);

    public Task<ImmutableSortedDictionary<string, ExtensionSpec>> FindExtensionsAsync(string name, CancellationToken cancel) => inner.FindExtensionsAsync(name, cancel);

    public Task<CreateFacts> ReadFactsAsync(DatabaseSpec spec, CancellationToken cancel) => inner.ReadFactsAsync(spec, cancel);

    public Task<bool> AreSameAsync(string parameter, string one, string other, CancellationToken cancel) => inner.AreSameAsync(parameter, one, other, cancel);

    public Task<ResourceFailure?> FindDropBlockerAsync(string name, bool force, CancellationToken cancel) => inner.FindDropBlockerAsync(name, force, cancel);

    public async Task<FoundDatabase> CreateAsync(DatabaseSpec spec, Message remedyWhenTaken, OperationContext work)
    {
        faults.Pass(work.Cancel);
        var made = await inner.CreateAsync(spec, remedyWhenTaken, faults.Through(work));
        faults.Pass(work.Cancel, isDone: true);
        return made;
    }

    public async Task AlterAsync(DatabaseSpec prior, DatabaseSpec planned, OperationContext work)
    {
        faults.Pass(work.Cancel);
        await inner.AlterAsync(prior, planned, faults.Through(work));
        faults.Pass(work.Cancel, isDone: true);
    }

    public async Task DropAsync(string name, bool force, OperationContext work, uint? oid = null)
    {
        faults.Pass(work.Cancel);
        await inner.DropAsync(name, force, faults.Through(work), oid);
        faults.Pass(work.Cancel, isDone: true);
    }
}
