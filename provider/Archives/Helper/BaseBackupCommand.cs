using PgFleet.Archives.Backup;
using PgFleet.Platform;

namespace PgFleet.Archives.Helper;

/// <summary>Takes a base backup, unless another process is taking one.</summary>
internal static class BaseBackupCommand
{
    /// <summary>Returns once there is a backup that ended after the call: this one's, or that of another process that was running.</summary>
    public static async Task RunAsync(string configPath, CancellationToken cancel)
    {
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        var catalogue = new BackupCatalogue(config.ArchiveDirectory, config.SystemIdentifier);
        await using var progress = new ProgressLines(Console.Out, TimeProvider.System);
        progress.Report(new("waiting for the base backup that is being taken", 0, 0));
        var known = catalogue.NewestName();
        using (await Poll.UntilTakenAsync(TimeProvider.System, () => FileLock.TryTake(layout.BackupLock), cancel))
        {
            var newest = catalogue.NewestName();
            known = newest == known ? (await TakeAsync(configPath, config, layout, progress, cancel)).Name : newest;
        }
        await progress.DisposeAsync();
        await Console.Out.WriteLineAsync($"done {known}");
    }

    /// <summary>Returns at once when another backup is running, or has been taken since <paramref name="known"/> was the newest.</summary>
    public static async Task RunIfFreeAsync(string configPath, string known, CancellationToken cancel)
    {
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        using var taken = FileLock.TryTake(layout.BackupLock);
        if (taken is null)
        {
            return;
        }
        if (new BackupCatalogue(config.ArchiveDirectory, config.SystemIdentifier).NewestName() == known)
        {
            await using var progress = new ProgressLines(Console.Out, TimeProvider.System);
            await TakeAsync(configPath, config, layout, progress, cancel);
        }
        else
        {
            File.Delete(layout.BackupDue);
        }
    }

    private static async Task<BaseBackup> TakeAsync(string configPath, ArchiveConfig config, ArchiveLayout layout, ProgressLines progress, CancellationToken cancel)
    {
        var health = new BackupHealth(config, layout, TimeProvider.System);
        try
        {
            var backup = await new BackupJob(config, layout, progress, TimeProvider.System).RunAsync(cancel);
            File.Delete(layout.BackupFailure);
            File.Delete(layout.BackupDue);
            health.Write();
            DetachedBackup.StartCheck(configPath, layout);
            return backup;
        }
        catch (Exception failure) when (failure is not BackupInterruptedException)
        {
            // A detached backup has no caller to report to, so the reason is kept in a file.
            ArchiveFile.WriteText(layout.BackupFailure, failure.Message.ReplaceLineEndings(" "));
            health.Write();
            throw;
        }
    }
}
