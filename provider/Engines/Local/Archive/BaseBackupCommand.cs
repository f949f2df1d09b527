namespace PgFleet.Engines.Local.Archive;

/// <summary>Takes a base backup, unless another process is at it.</summary>
internal static class BaseBackupCommand
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when there is a backup that ended after the call: this one's, or that of a process which was at it.</summary>
    public static async Task RunAsync(string configPath, CancellationToken cancel)
    {
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        var catalogue = new BackupCatalogue(config.ArchiveDirectory);
        IDisposable? taken;
        var known = catalogue.FindNewest()?.Name;
        while ((taken = FileLock.TryTake(layout.BackupLock)) is null)
        {
            await Task.Delay(LockPoll, cancel);
        }
        using (taken)
        {
            var newest = catalogue.FindNewest()?.Name;
            var name = newest == known ? (await TakeAsync(config, layout, cancel)).Name : newest;
            await Console.Out.WriteLineAsync($"done {name}");
        }
    }

    /// <summary>Returns at once when another process is at it.</summary>
    public static async Task RunIfFreeAsync(string configPath, CancellationToken cancel)
    {
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        using var taken = FileLock.TryTake(layout.BackupLock);
        if (taken is not null)
        {
            await TakeAsync(config, layout, cancel);
        }
    }

    private static async Task<BaseBackup> TakeAsync(ArchiveConfig config, ArchiveLayout layout, CancellationToken cancel)
    {
        await using var progress = new ProgressLines(Console.Out, TimeProvider.System);
        try
        {
            var backup = await new BackupJob(config, layout, progress, TimeProvider.System).RunAsync(cancel);
            File.Delete(layout.BackupFailure);
            Prune(config, layout);
            return backup;
        }
        catch (Exception failure)
        {
            // A detached backup has nobody to tell.
            await File.WriteAllTextAsync(layout.BackupFailure, failure.Message, CancellationToken.None);
            throw;
        }
    }

    private static void Prune(ArchiveConfig config, ArchiveLayout layout)
    {
        try
        {
            new Pruner(config, layout, TimeProvider.System).Run();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The backup is taken all the same; what was to go goes after the next.
            Console.Error.WriteLine($"pgfleet {ArchiveProgram.BaseBackup}: not all was pruned that is no longer needed: {failure.Message}");
        }
    }
}
