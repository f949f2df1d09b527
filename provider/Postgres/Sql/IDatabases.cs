using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Postgres.Sql;

/// <summary>The databases of one server.</summary>
internal interface IDatabases
{
    /// <summary>The databases that are there, templates too; none that are half made or half dropped.</summary>
    Task<IReadOnlyList<FoundDatabase>> ListAsync(CancellationToken cancel);

    /// <summary>The database, or null. One that is half dropped is not there: all that is left to do is to drop it.</summary>
    Task<FoundDatabase?> FindAsync(string name, CancellationToken cancel);

    /// <summary>What is installed in a database, which has to allow connections.</summary>
    Task<ImmutableSortedDictionary<string, ExtensionSpec>> FindExtensionsAsync(string name, CancellationToken cancel);

    /// <summary>Looks whether <see cref="CreateAsync"/> can succeed.</summary>
    Task<CreateFacts> LookAsync(DatabaseSpec spec, CancellationToken cancel);

    /// <summary>Of two values of a parameter, whether the server takes them for the same.</summary>
    Task<bool> AreSameAsync(string parameter, string one, string other, CancellationToken cancel);

    /// <summary>
    /// Makes a database, all of it or nothing: it appears, complete, at the very end. One that came with a restored server and is
    /// not claimed is taken over.
    /// </summary>
    /// <param name="spec">Its locale may name what this server's version has not got; the server then refuses.</param>
    /// <param name="remedyWhenTaken">What a user is told to do when the name is taken.</param>
    /// <param name="work">Told of each step but the last, the database's appearance, which is the caller's to keep first.</param>
    /// <returns>With the template that was copied, unless it was taken over.</returns>
    /// <exception cref="ResourceFailure">Conflict: the name is taken. Missing: the owner, the template or an extension does not exist.</exception>
    Task<FoundDatabase> CreateAsync(DatabaseSpec spec, string remedyWhenTaken, OperationContext work);

    /// <summary>
    /// Brings owner, limits, settings and extensions from one spec to another. What is the same in both is not touched, and if all is,
    /// no connection is made. A setting that is gone is reset, an extension dropped. Objects in the database keep their owners.
    /// </summary>
    Task AlterAsync(DatabaseSpec prior, DatabaseSpec planned, OperationContext work);

    /// <summary>Why <see cref="DropAsync"/> would refuse; null: it would not, as far as is known.</summary>
    Task<ResourceFailure?> FindHindranceAsync(string name, bool force, CancellationToken cancel) => Task.FromResult<ResourceFailure?>(null);

    /// <summary>Drops a database with all that is in it. Gone already is no failure.</summary>
    /// <param name="name">Of any length.</param>
    /// <param name="force">Ends the sessions in it and drops its idle logical slots, instead of refusing.</param>
    /// <param name="work">Told when it is gone.</param>
    /// <param name="oid">Of the database that is meant: another one that bears the name now is left alone, with a warning. Null: whichever it is.</param>
    /// <exception cref="ResourceFailure">Refused: it is PostgreSQL's own. Conflict: it has clients, logical slots, prepared transactions or subscriptions, all named. Nothing is changed.</exception>
    Task DropAsync(string name, bool force, OperationContext work, uint? oid = null);
}
