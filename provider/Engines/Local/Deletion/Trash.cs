using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Deletion;

/// <summary>What is being removed for good.</summary>
internal sealed class Trash(Home home, Folders folders)
{
    /// <summary>Moves a folder here, whence the next work of the fleet removes it whatever happens to this one.</summary>
    public InstancePaths Take(InstancePaths paths)
    {
        var doomed = new InstancePaths(Path.Combine(home.Trash, $"{paths.Name}-{Guid.NewGuid():N}"));
        Directory.Move(paths.Folder, doomed.Folder);
        Posix.SyncDirectory(home.Trash);
        Posix.SyncDirectory(Path.GetDirectoryName(paths.Folder)!);
        return doomed;
    }

    public IEnumerable<InstancePaths> List() =>
        Directory.Exists(home.Trash) ? Directory.EnumerateDirectories(home.Trash).Select(path => new InstancePaths(path)) : [];

    /// <summary>The record goes last: it tells where the archive is.</summary>
    public async Task DeleteAsync(InstancePaths paths, CancellationToken cancel)
    {
        try
        {
            await EmptyAsync(paths, cancel);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else was emptying the same trash.
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
