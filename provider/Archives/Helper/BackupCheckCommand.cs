using PgFleet.Archives.Backup;
using PgFleet.Platform;

namespace PgFleet.Archives.Helper;

/// <summary>Checks the backups that are still unchecked, records the results, and deletes what has expired. Runs at the lowest priority.</summary>
internal static class BackupCheckCommand
{
    public static void Run(string configPath)
    {
        Posix.StartSession();
        Posix.LowerPriority();
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        var catalogue = new BackupCatalogue(config.ArchiveDirectory, config.SystemIdentifier);
        // A backup that finished while the lock was being released could not start a check, so look once more.
        do
        {
            using var checkLock = FileLock.TryTake(layout.CheckLock);
            if (checkLock is null)
            {
                return;
            }
            while (FindNext(catalogue) is { } backup)
            {
                var damage = new BackupCheck(config, layout).FindDamage(backup);
                catalogue.Describe(backup with { Check = new(TimeProvider.System.GetUtcNow(), damage) });
            }
            new BackupHealth(config, layout, TimeProvider.System).Write();
            Prune(config, layout);
        }
        while (FindNext(catalogue) is not null);
    }

    /// <summary>The newest first, because the expiry of the others depends on it.</summary>
    private static BaseBackup? FindNext(BackupCatalogue catalogue) => catalogue.List().LastOrDefault(backup => backup.Check is null);

    private static void Prune(ArchiveConfig config, ArchiveLayout layout)
    {
        try
        {
            new ArchivePruner(config, layout, TimeProvider.System).Run();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next run deletes the rest.
            Console.Error.WriteLine($"pgfleet {ArchiveCommands.CheckBackups}: not all was pruned that is no longer needed: {failure.Message}");
        }
    }
}
