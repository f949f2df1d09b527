using PgFleet.Failures;
using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>
/// The sources that this run restores from, and what it deletes of them: servers with their archives, and databases. Engines call about the two in any
/// order and may execute the deletion first, so that nothing would be left to restore: the second of the two is refused.
/// </summary>
/// <remarks>Servers are compared by name alone: a source that is given as an identity may be the one that is deleted.</remarks>
internal sealed class RestoreSources
{
    private static readonly Message InTwoSteps = Message.Of(
        $"Do it in two steps: restore first, and delete or replace the source afterwards; or set its {Term.Property("backup.onDelete")} to \"keep\" first, in an update of its own, and do both at once.");

    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Source, bool IsLatest)> readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> deletedServers = new(StringComparer.Ordinal);
    private readonly HashSet<string> drops = new(StringComparer.Ordinal);

    /// <summary>Records that a server is to be restored from an archive.</summary>
    /// <param name="who">The restored resource.</param>
    /// <param name="inputs">Its inputs; without a source it is no restore.</param>
    /// <returns>Why it cannot be; null when it can.</returns>
    public Problem? Read(string who, Map inputs)
    {
        lock (gate)
        {
            switch (inputs["sourceInstance"])
            {
                case StringValue { Value: var source }:
                    var isLatest = inputs["restoreTime"] is StringValue { Value: "latest" };
                    readers[who] = (source, isLatest);
                    return deletedServers.Any(deleted => Means(source, who, deleted.Key, deleted.Value))
                        ? new("sourceInstance", $"is \"{source}\", which is deleted or replaced at the same time, and its archive goes with it, since its {Term.Property("backup.onDelete")} is \"delete\". {InTwoSteps}")
                        : isLatest && drops.FirstOrDefault(dropped => Means(source, InstanceOf(dropped))) is { } database
                        ? new("restoreTime", $"is latest, and the database \"{database}\" is dropped at the same time: the copy would have it or not, as it happens. Write the instant to restore, or restore first and drop it afterwards.")
                        : null;
                // The source is known only once it has been created, and what it replaces has been deleted by then.
                case Unknown when deletedServers.Count > 0:
                    return new("sourceInstance", $"is made anew at the same time, and the archive of {string.Join(", ", deletedServers.Keys.Select(name => $"\"{name}\""))} goes, since its {Term.Property("backup.onDelete")} is \"delete\". {InTwoSteps}");
                default:
                    return null;
            }
        }
    }

    /// <summary>Records that a server is to be deleted or replaced.</summary>
    /// <param name="who">The resource.</param>
    /// <param name="name">The server's name.</param>
    /// <param name="state">The recorded state.</param>
    /// <returns>Why it cannot be; null when it can.</returns>
    public Problem? Lose(string who, string name, Map state)
    {
        if (!Resource.TakesArchive(state))
        {
            return null;
        }
        lock (gate)
        {
            deletedServers[name] = who;
            return FindReader(who, name) is { } reader
                ? new("", $"The server \"{name}\" would be deleted with its archive, since its {Term.Property("backup.onDelete")} is \"delete\", while {reader} is to be restored from it. {InTwoSteps}")
                : null;
        }
    }

    /// <summary>Records that a database is to be dropped, possibly before the latest state of its server is copied.</summary>
    /// <returns>Why it cannot be; null when it can.</returns>
    public Problem? Drop(string database)
    {
        lock (gate)
        {
            drops.Add(database);
            return readers.Where(reader => reader.Value.IsLatest && Means(reader.Value.Source, InstanceOf(database))).Select(reader => reader.Key).FirstOrDefault() is { } taker
                ? new("", $"The database \"{database}\" would be dropped while {taker} is to be restored from its server, to the latest state: the copy would have it or not, as it happens. Write the instant to restore, or restore first and drop it afterwards.")
                : null;
        }
    }

    /// <summary>The resource that is still to be restored from a server; null when there is none.</summary>
    public string? ReaderOf(string who, string name)
    {
        lock (gate)
        {
            return FindReader(who, name);
        }
    }

    /// <summary>Records that a restore has been completed.</summary>
    public void Done(string who)
    {
        lock (gate)
        {
            readers.Remove(who);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            readers.Clear();
            deletedServers.Clear();
            drops.Clear();
        }
    }

    private string? FindReader(string who, string name) =>
        readers.Where(reader => Means(reader.Value.Source, reader.Key, name, who)).Select(reader => reader.Key).FirstOrDefault();

    /// <summary>Compares a source; a restore under its source's own name does not conflict with itself.</summary>
    private static bool Means(string source, string reader, string name, string deleted) => Means(source, name) && (source == name || reader != deleted);

    private static bool Means(string source, string name) => source.Split('@')[0] == name;

    private static string InstanceOf(string database) => database.Split('/')[0];
}
