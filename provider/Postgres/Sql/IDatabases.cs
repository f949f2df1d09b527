using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Postgres.Sql;

/// <summary>The databases of one server.</summary>
internal interface IDatabases
{
    /// <summary>Lists the databases, templates included, without those that are under construction or partly dropped.</summary>
    Task<IReadOnlyList<FoundDatabase>> ListAsync(CancellationToken cancel);

    /// <summary>Finds a database; null when there is none. A partly dropped one counts as none: it can only be dropped.</summary>
    Task<FoundDatabase?> FindAsync(string name, CancellationToken cancel);

    /// <summary>Lists the installed extensions of a database, which must allow connections.</summary>
    Task<ImmutableSortedDictionary<string, ExtensionSpec>> FindExtensionsAsync(string name, CancellationToken cancel);

    /// <summary>Reads the facts that decide whether <see cref="CreateAsync"/> can succeed.</summary>
    Task<CreateFacts> ReadFactsAsync(DatabaseSpec spec, CancellationToken cancel);

    /// <summary>True if the server considers two values of a parameter equal.</summary>
    Task<bool> AreSameAsync(string parameter, string one, string other, CancellationToken cancel);

    /// <summary>
    /// Creates a database completely or not at all: it appears under its name as the last step. A restored database that has not been taken over
    /// yet is taken over.
    /// </summary>
    /// <param name="spec">The database. A locale that this server's version lacks is refused by the server.</param>
    /// <param name="remedyWhenTaken">What to tell the user when the name is taken.</param>
    /// <param name="work">Receives each step but the last, the appearance of the database: the caller records that first.</param>
    /// <returns>The database, with the template that was copied unless it was taken over.</returns>
    /// <exception cref="ResourceFailure">Conflict: the name is taken. Missing: the owner, the template or an extension does not exist.</exception>
    Task<FoundDatabase> CreateAsync(DatabaseSpec spec, Message remedyWhenTaken, OperationContext work);

    /// <summary>
    /// Alters owner, limits, settings and extensions from one spec to another. What is equal in both is not touched; if all is equal, no
    /// connection is opened. Removed settings are reset, removed extensions dropped. Objects in the database keep their owners.
    /// </summary>
    Task AlterAsync(DatabaseSpec prior, DatabaseSpec planned, OperationContext work);

    /// <summary>Why <see cref="DropAsync"/> would refuse; null when no reason is known.</summary>
    Task<ResourceFailure?> FindDropBlockerAsync(string name, bool force, CancellationToken cancel) => Task.FromResult<ResourceFailure?>(null);

    /// <summary>Drops a database and its contents. A database that does not exist is no failure.</summary>
    /// <param name="name">The database's name, of any length.</param>
    /// <param name="force">True: ends its sessions and drops its idle logical slots instead of refusing.</param>
    /// <param name="work">Receives a step once the database is dropped.</param>
    /// <param name="oid">OID of the database that is meant: another one that now has the name is left alone, with a warning. Null: any.</param>
    /// <exception cref="ResourceFailure">
    /// Refused: it belongs to PostgreSQL. Conflict: it has clients, logical slots, prepared transactions or subscriptions, all named. Nothing is changed.
    /// </exception>
    Task DropAsync(string name, bool force, OperationContext work, uint? oid = null);
}
