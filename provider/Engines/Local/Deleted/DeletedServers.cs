using System.Text.Json;
using PgFleet.Failures;

namespace PgFleet.Engines.Local.Deleted;

/// <summary>What is kept of deleted servers. Reading takes no lock.</summary>
internal sealed class DeletedServers(Home home)
{
    /// <summary>By name, and then the one that was deleted first.</summary>
    public IReadOnlyList<Restorable> List() =>
        [.. home.DeletedFolders().Select(Find).OfType<Restorable>()
            .OrderBy(server => server.Record.Name, StringComparer.Ordinal).ThenBy(server => server.Deletion!.DeletedAt)];

    public IReadOnlyList<Restorable> MeantBy(string asked) => [.. List().Where(server => server.IsMeantBy(asked))];

    public static Restorable Write(Restorable server)
    {
        DurableFile.Write(server.Paths.Deletion, JsonSerializer.Serialize(server.Deletion, LocalJson.Default.DeletionRecord), Modes.Private);
        return server;
    }

    /// <summary>Null while it is being removed; and one whose description is damaged keeps no other from being found.</summary>
    private static Restorable? Find(InstancePaths paths)
    {
        try
        {
            return FormattedFile.Find(paths.Record, ServerRecord.CurrentFormat, LocalJson.Default.ServerRecord) is { } record
                && FormattedFile.Find(paths.Deletion, DeletionRecord.CurrentFormat, LocalJson.Default.DeletionRecord) is { } deletion
                ? new(record, paths, deletion)
                : null;
        }
        catch (ResourceFailure)
        {
            return null;
        }
    }
}
