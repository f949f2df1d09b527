using PgFleet.Archives.Backup;
using PgFleet.Platform;

namespace PgFleet.Archives.Helper;

/// <summary>Looks into the backups that nobody has looked into yet, writes down what it found, and prunes what is no longer needed. Holds up nobody.</summary>
internal static class BackupCheckCommand
{
    public static void Run(string configPath)
    {
        Posix.LeaveSession();
        Posix.BeLast();
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        var catalogue = new BackupCatalogue(config.ArchiveDirectory, config.SystemIdentifier);
        // A backup that is finished while the lock is given back finds it taken: so it is looked for once more.
        do
        {
            using var alone = FileLock.TryTake(layout.CheckLock);
            if (alone is null)
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

    /// <summary>The newest first: by it the others are judged.</summary>
    private static BaseBackup? FindNext(BackupCatalogue catalogue) => catalogue.List().LastOrDefault(backup => backup.Check is null);

    private static void Prune(ArchiveConfig config, ArchiveLayout layout)
    {
        try
        {
            new ArchivePruner(config, layout, TimeProvider.System).Run();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What was to go goes after the next.
            Console.Error.WriteLine($"pgfleet {ArchiveProgram.CheckBackups}: not all was pruned that is no longer needed: {failure.Message}");
        }
    }
}
