namespace PgFleet.Engines.Local;

/// <summary>Removes an instance and everything of it. Killed anywhere, the next deletion in this home finishes it.</summary>
internal sealed class Deletion(Home home, Folders folders, ServerProcess process, Locks locks)
{
    /// <summary>The caller holds the instance's lock.</summary>
    public async Task DeleteAsync(string name, Work work)
    {
        var paths = home.Of(name);
        if (Directory.Exists(paths.Folder))
        {
            await process.AbandonAsync(name, work.Cancel);
            work.Step("stopped the server");
            Directory.Move(paths.Folder, Path.Combine(home.Trash, $"{name}-{Guid.NewGuid():N}"));
            Archive.Posix.SyncDirectory(home.Trash);
            work.Step("freed the name");
        }
        await EmptyTrashAsync(work);
    }

    private async Task EmptyTrashAsync(Work work)
    {
        using var alone = await locks.TakeAsync(".trash", "emptied", work.Cancel);
        foreach (var folder in Directory.EnumerateDirectories(home.Trash))
        {
            await DeleteFolderAsync(new(folder), work.Cancel);
            work.Step("deleted the files");
        }
    }

    /// <summary>The record goes last: it tells where the archive is.</summary>
    private async Task DeleteFolderAsync(InstancePaths paths, CancellationToken cancel)
    {
        if (FormattedFile.Find(paths.Record, ServerRecord.CurrentFormat, LocalJson.Default.ServerRecord) is { Backup.Directory: not null } record)
        {
            await folders.DeleteAsync(home.ArchiveOf(record), cancel);
        }
        await folders.DeleteAsync([.. paths.Attempts, paths.Replay, paths.Data, paths.Socket, paths.Log, paths.Archive], cancel);
        if (Directory.Exists(paths.Conf))
        {
            Directory.Delete(paths.Conf, recursive: true);
        }
        Directory.Delete(paths.Folder, recursive: true);
    }
}
