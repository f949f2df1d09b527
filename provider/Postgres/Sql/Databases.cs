using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Progress;

namespace PgFleet.Postgres.Sql;

/// <summary>Manages the databases of one server through SQL on an administrator's connection; used by every engine.</summary>
/// <param name="open">Opens an administrator's connection to a database of the server; only one is held at a time.</param>
/// <param name="time">Clock of the pauses between attempts.</param>
internal sealed class Databases(Func<string, CancellationToken, Task<Admin>> open, TimeProvider? time = null) : IDatabases
{
    /// <summary>The name prefix of databases under construction.</summary>
    public const string WorkingPrefix = "pgfleet_unfinished_";

    /// <summary>The name prefix of parameters that store the provider's own marks.</summary>
    public const string OwnParameters = "pgfleet.";

    private readonly Sessions sessions = new(open, time ?? TimeProvider.System);

    public async Task<IReadOnlyList<FoundDatabase>> ListAsync(CancellationToken cancel)
    {
        var all = await sessions.ReadAsync(Sessions.Maintenance, "list the databases", connection => Catalogue.ListAsync(connection, cancel), cancel);
        return all.FindAll(found => !found.HalfDropped && !found.Spec.Name.StartsWith(WorkingPrefix, StringComparison.Ordinal));
    }

    public Task<FoundDatabase?> FindAsync(string name, CancellationToken cancel) => sessions.ReadAsync(
        Sessions.Maintenance,
        $"look for database \"{name}\"",
        async connection => await Catalogue.FindAsync(connection, name, cancel) is { HalfDropped: false } found ? found : null,
        cancel);

    public Task<ImmutableSortedDictionary<string, ExtensionSpec>> FindExtensionsAsync(string name, CancellationToken cancel) =>
        sessions.ReadAsync(name, $"read the extensions of database \"{name}\"", connection => Extensions.ListAsync(connection, cancel), cancel);

    public Task<CreateFacts> ReadFactsAsync(DatabaseSpec spec, CancellationToken cancel) => sessions.ReadAsync(
        Sessions.Maintenance, $"look what server there is for database \"{spec.Name}\"", connection => CreateFacts.ReadAsync(connection, spec, cancel), cancel);

    public Task<bool> AreSameAsync(string parameter, string one, string other, CancellationToken cancel) => sessions.ReadAsync(
        Sessions.Maintenance, $"compare values of \"{parameter}\"", connection => DatabaseSettings.AreSameAsync(connection, parameter, one, other, cancel), cancel);

    public Task<FoundDatabase> CreateAsync(DatabaseSpec spec, Message remedyWhenTaken, OperationContext work) =>
        new DatabaseCreate(sessions).RunAsync(spec, remedyWhenTaken, work);

    public async Task AlterAsync(DatabaseSpec prior, DatabaseSpec planned, OperationContext work)
    {
        var doing = $"alter database \"{planned.Name}\"";
        // Extensions can only be altered while connections are allowed: before the database closes, or after it opens.
        if (!planned.AllowConnections)
        {
            await AlterExtensionsAsync(prior, planned, doing, work);
        }

        if (DatabaseAlter.IsBetween(prior, planned))
        {
            await sessions.TransactionAsync(
                Sessions.Maintenance, doing, connection => DatabaseAlter.ApplyAsync(connection, prior, planned, work.Cancel), work.Cancel);
            work.Step("database altered");
        }

        if (planned.AllowConnections)
        {
            await AlterExtensionsAsync(prior, planned, doing, work);
        }
    }

    /// <summary>True if <see cref="AlterAsync"/> would change anything.</summary>
    public static bool Differ(DatabaseSpec prior, DatabaseSpec planned) => DatabaseAlter.IsBetween(prior, planned) || !prior.Extensions.SequenceEqual(planned.Extensions);

    public Task<ResourceFailure?> FindDropBlockerAsync(string name, bool force, CancellationToken cancel) => sessions.ReadAsync(
        Sessions.Maintenance,
        $"look what holds database \"{name}\"",
        async connection => DropBlocker.Refusal(name, force, await DatabaseDrop.FindBlockersAsync(connection, name, force, cancel)),
        cancel);

    public Task DropAsync(string name, bool force, OperationContext work, uint? oid = null) => new DatabaseDrop(sessions).RunAsync(name, force, oid, work);

    /// <summary>
    /// Marks every database of a restored server, so that the next <see cref="CreateAsync"/> of its name takes it over. Only the restore calls it.
    /// </summary>
    public Task MarkAllRestoredAsync(CancellationToken cancel) => sessions.TransactionAsync(
        Sessions.Maintenance,
        "offer the restored databases",
        async connection =>
        {
            foreach (var found in (await Catalogue.ListAsync(connection, cancel)).Where(found => found is { HalfDropped: false, HasName: true } && !SystemDatabases.Is(found)))
            {
                await connection.ExecuteAsync("alter database %I set %I to 'on'", [found.Spec.Name, Catalogue.UnclaimedMark], cancel);
            }
        },
        cancel);

    private async Task AlterExtensionsAsync(DatabaseSpec prior, DatabaseSpec planned, string doing, OperationContext work)
    {
        if (prior.Extensions.SequenceEqual(planned.Extensions))
        {
            return;
        }

        await sessions.TransactionAsync(planned.Name, doing, connection => Extensions.ApplyAsync(connection, prior, planned, work.Cancel), work.Cancel);
        work.Step("extensions altered");
    }
}
