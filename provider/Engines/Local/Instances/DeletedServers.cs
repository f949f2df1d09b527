using System.Text.Json;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Instances;

/// <summary>The kept archives of deleted servers. Reading takes no lock.</summary>
internal sealed class DeletedServers(Home home)
{
    /// <summary>Lists them by name, then by time of deletion. Damaged ones are skipped.</summary>
    public IReadOnlyList<Restorable> List() =>
        [.. ReadAll().Select(one => one.Server).OfType<Restorable>()
            .OrderBy(server => server.Record.Name, StringComparer.Ordinal).ThenBy(server => server.Deletion!.DeletedAt)];

    /// <summary>
    /// Describes damaged ones, a sentence each. They are never deleted, because only the damaged files say whose they are and when they expire.
    /// <paramref name="asked"/> restricts the list to those it may mean; null: all.
    /// </summary>
    public IReadOnlyList<Message> ListDamaged(string? asked = null) =>
        [.. ReadAll().Where(one => one.Damage is not null && (asked is null || Restorable.Split(one.Paths.Name).Name == Restorable.Split(asked).Name)).Select(one => one.Damage!)];

    public IReadOnlyList<Restorable> MeantBy(string asked) => [.. List().Where(server => server.IsMeantBy(asked))];

    public static Restorable Write(Restorable server)
    {
        DurableFile.Write(server.Paths.Deletion, JsonSerializer.Serialize(server.Deletion, LocalJson.Default.DeletionRecord), Modes.Private);
        return server;
    }

    private IEnumerable<(InstancePaths Paths, Restorable? Server, Message? Damage)> ReadAll() => home.DeletedFolders().Select(Read);

    private static (InstancePaths Paths, Restorable? Server, Message? Damage) Read(InstancePaths paths)
    {
        try
        {
            return FormattedFile.Find(paths.Record, ServerRecord.CurrentFormat, LocalJson.Default.ServerRecord) is not { } record ? (paths, null, Missing(paths, paths.Record))
                : FormattedFile.Find(paths.Deletion, DeletionRecord.CurrentFormat, LocalJson.Default.DeletionRecord) is not { } deletion ? (paths, null, Missing(paths, paths.Deletion))
                : (paths, new(record, paths, deletion), null);
        }
        catch (ResourceFailure damaged)
        {
            return (paths, null, damaged.Text);
        }
    }

    /// <summary>Reports a missing file; null when the whole folder was deleted meanwhile.</summary>
    private static Message? Missing(InstancePaths paths, string file) =>
        Directory.Exists(paths.Folder) ? Message.Of($"\"{file}\" is missing. Put it back from a copy of the home.") : null;
}
