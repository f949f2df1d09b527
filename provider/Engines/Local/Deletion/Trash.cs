using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Deletion;

/// <summary>Folders that are being deleted for good.</summary>
internal sealed class Trash(Home home, Folders folders)
{
    /// <summary>Moves a folder to the trash. If the process is killed, the fleet's next operation deletes it.</summary>
    public InstancePaths Take(InstancePaths paths)
    {
        var trashed = new InstancePaths(Path.Combine(home.Trash, $"{paths.Name}-{Guid.NewGuid():N}"));
        Directory.Move(paths.Folder, trashed.Folder);
        Posix.SyncDirectory(home.Trash);
        Posix.SyncDirectory(Path.GetDirectoryName(paths.Folder)!);
        return trashed;
    }

    public IEnumerable<InstancePaths> List() =>
        Directory.Exists(home.Trash) ? Directory.EnumerateDirectories(home.Trash).Select(path => new InstancePaths(path)) : [];

    /// <summary>Deletes a folder from the trash, the record last, because it contains the archive's location.</summary>
    public async Task DeleteAsync(InstancePaths paths, CancellationToken cancel)
    {
        try
        {
            await EmptyAsync(paths, cancel);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process emptied the same trash.
        }
    }

    private async Task EmptyAsync(InstancePaths paths, CancellationToken cancel)
    {
        if (FormattedFile.Find(paths.Record, ServerRecord.CurrentFormat, LocalJson.Default.ServerRecord) is { Backup.Directory: not null } record)
        {
            await folders.DeleteAsync(record.ArchiveIn(paths), cancel);
        }
        await folders.DeleteAsync([.. paths.Attempts, paths.Replay, paths.Data, paths.Socket, paths.Log, paths.Archive], cancel);
        if (Directory.Exists(paths.Conf))
        {
            Directory.Delete(paths.Conf, recursive: true);
        }
        Directory.Delete(paths.Folder, recursive: true);
    }
}
