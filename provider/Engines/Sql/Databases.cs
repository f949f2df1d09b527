using System.Collections.Immutable;

namespace PgFleet.Engines.Sql;

/// <summary>The databases of one server, as SQL over an administrator's connection: the same for every engine.</summary>
/// <param name="open">Opens an administrator's connection to a database of the server; never more than one is held at a time.</param>
/// <param name="time">For the pauses between attempts.</param>
internal sealed class Databases(Func<string, CancellationToken, Task<Admin>> open, TimeProvider? time = null)
{
    /// <summary>How the names of databases begin that are being made.</summary>
    public const string WorkingPrefix = "pgfleet_unfinished_";

    /// <summary>How the names of parameters begin that are notes of the provider's own.</summary>
    public const string OwnParameters = "pgfleet.";

    private readonly Sessions sessions = new(open, time ?? TimeProvider.System);

    /// <summary>The databases that are there, templates too; none that are half made or half dropped.</summary>
    public async Task<IReadOnlyList<FoundDatabase>> ListAsync(CancellationToken cancel)
    {
        var all = await sessions.ReadAsync(Sessions.Maintenance, "list the databases", connection => Catalogue.ListAsync(connection, cancel), cancel);
        return all.FindAll(found => !found.HalfDropped && !found.Spec.Name.StartsWith(WorkingPrefix, StringComparison.Ordinal));
    }

    /// <summary>The database, or null. One that is half dropped is not there: all that is left to do is to drop it.</summary>
    public Task<FoundDatabase?> FindAsync(string name, CancellationToken cancel) => sessions.ReadAsync(
        Sessions.Maintenance,
        $"look for database \"{name}\"",
        async connection => await Catalogue.FindAsync(connection, name, cancel) is { HalfDropped: false } found ? found : null,
        cancel);

    /// <summary>What is installed in a database, which has to allow connections.</summary>
    public Task<ImmutableSortedDictionary<string, ExtensionSpec>> FindExtensionsAsync(string name, CancellationToken cancel) =>
        sessions.ReadAsync(name, $"read the extensions of database \"{name}\"", connection => Extensions.ListAsync(connection, cancel), cancel);

    /// <summary>Looks whether <see cref="CreateAsync"/> can succeed.</summary>
    public Task<Outlook> LookAsync(DatabaseSpec spec, CancellationToken cancel) => sessions.ReadAsync(
        Sessions.Maintenance, $"look what server there is for database \"{spec.Name}\"", connection => Outlook.ReadAsync(connection, spec, cancel), cancel);

    /// <summary>Of two values of a parameter, whether the server takes them for the same.</summary>
    public Task<bool> AreSameAsync(string parameter, string one, string other, CancellationToken cancel) => sessions.ReadAsync(
        Sessions.Maintenance, $"compare values of \"{parameter}\"", connection => Settings.AreSameAsync(connection, parameter, one, other, cancel), cancel);

    /// <summary>
    /// Makes a database, all of it or nothing: it appears, complete, at the very end. One that came with a restored server and is
    /// not claimed is taken over.
    /// </summary>
    /// <param name="spec">Its locale may name what this server's version has not got; the server then refuses.</param>
    /// <param name="remedyWhenTaken">What a user is told to do when the name is taken.</param>
    /// <param name="work">Told of each step but the last, the database's appearance, which is the caller's to keep first.</param>
    /// <returns>With the template that was copied, unless it was taken over.</returns>
    /// <exception cref="Failures.ResourceFailure">Conflict: the name is taken. Missing: the owner, the template or an extension does not exist.</exception>
    public Task<FoundDatabase> CreateAsync(DatabaseSpec spec, string remedyWhenTaken, Work work) =>
        new Creation(sessions).RunAsync(spec, remedyWhenTaken, work);

    /// <summary>
    /// Brings owner, limits, settings and extensions from one spec to another. What is the same in both is not touched, and if all is,
    /// no connection is made. A setting that is gone is reset, an extension dropped. Objects in the database keep their owners.
    /// </summary>
    public async Task AlterAsync(DatabaseSpec prior, DatabaseSpec planned, Work work)
    {
        var doing = $"alter database \"{planned.Name}\"";
        // A database that closes takes its extensions before, one that opens after.
        if (!planned.AllowConnections)
        {
            await AlterExtensionsAsync(prior, planned, doing, work);
        }

        if (Change.IsBetween(prior, planned))
        {
            await sessions.TransactionAsync(
                Sessions.Maintenance, doing, connection => Change.ApplyAsync(connection, prior, planned, work.Cancel), work.Cancel);
            work.Step("database altered");
        }

        if (planned.AllowConnections)
        {
            await AlterExtensionsAsync(prior, planned, doing, work);
        }
    }

    /// <summary>Whether <see cref="AlterAsync"/> has anything to do.</summary>
    public static bool Differ(DatabaseSpec prior, DatabaseSpec planned) => Change.IsBetween(prior, planned) || !prior.Extensions.SequenceEqual(planned.Extensions);

    /// <summary>Drops a database with all that is in it. Gone already is no failure.</summary>
    /// <param name="name">Of any length.</param>
    /// <param name="force">Ends the sessions in it and drops its idle logical slots, instead of refusing.</param>
    /// <param name="work">Told when it is gone.</param>
    /// <exception cref="Failures.ResourceFailure">Conflict: it has clients, logical slots, prepared transactions or subscriptions, all named. Nothing is changed.</exception>
    public Task DropAsync(string name, bool force, Work work) => new Removal(sessions).RunAsync(name, force, work);

    /// <summary>Marks every database of a restored server as one that the next <see cref="CreateAsync"/> of its name may take over. For the restore alone.</summary>
    public Task OfferAllAsync(CancellationToken cancel) => sessions.TransactionAsync(
        Sessions.Maintenance,
        "offer the restored databases",
        async connection =>
        {
            foreach (var found in (await Catalogue.ListAsync(connection, cancel)).Where(found => !found.HalfDropped && found.Spec.Name != Sessions.Maintenance))
            {
                await connection.ExecuteAsync("alter database %I set %I to 'on'", [found.Spec.Name, Catalogue.UnclaimedMark], cancel);
            }
        },
        cancel);

    private async Task AlterExtensionsAsync(DatabaseSpec prior, DatabaseSpec planned, string doing, Work work)
    {
        if (prior.Extensions.SequenceEqual(planned.Extensions))
        {
            return;
        }

        await sessions.TransactionAsync(planned.Name, doing, connection => Extensions.ApplyAsync(connection, prior, planned, work.Cancel), work.Cancel);
        work.Step("extensions altered");
    }
}
