namespace PgFleet.Engines.Local.Archive;

/// <summary>Removes from an archive what is no longer needed. Runs only right after a new, verified backup, whose lock it is under.</summary>
internal sealed class Pruner(ArchiveConfig config, ArchiveLayout layout, TimeProvider clock)
{
    /// <summary>No call of the archiver takes as long.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>Does nothing while a restore reads the archive.</summary>
    public void Run()
    {
        using var alone = FileLock.TryTake(layout.PruneLock);
        if (alone is null)
        {
            return;
        }
        var retention = TimeSpan.FromSeconds(config.RetentionSeconds);
        var backups = new BackupCatalogue(config.ArchiveDirectory).List();
        var prune = Prune.Plan(backups, Prune.TrustedNow([.. Marks(backups)], retention), retention);
        // Backups first: one that is listed has its WAL, whenever this ends.
        RemoveBackups(prune.Doomed);
        RemoveWal(prune.Floor);
        RemoveAbandonedFiles();
    }

    private IEnumerable<DateTimeOffset> Marks(IReadOnlyList<BaseBackup> backups)
    {
        if (backups.Count > 1)
        {
            var before = backups[^2];
            yield return before.StartedAt;
            foreach (var path in WalFiles().Where(path => IsBefore(before.StartSegment, Path.GetFileName(path))))
            {
                yield return File.GetLastWriteTimeUtc(path);
            }
        }
        yield return clock.GetUtcNow();
    }

    private void RemoveBackups(IReadOnlyCollection<BaseBackup> doomed)
    {
        foreach (var backup in doomed)
        {
            Directory.Move(layout.Backup(backup.Name), layout.DoomedBackup(backup.Name));
        }
        Posix.SyncDirectory(layout.Backups);
        foreach (var backup in doomed)
        {
            Directory.Delete(layout.DoomedBackup(backup.Name), recursive: true);
        }
    }

    /// <summary>Histories stay: a recovery looks for its way through timelines in them.</summary>
    private void RemoveWal(string? floor)
    {
        foreach (var path in WalFiles().TakeWhile(path => floor is not null && IsBefore(Path.GetFileName(path), floor)))
        {
            File.Delete(path);
        }
    }

    private void RemoveAbandonedFiles()
    {
        var limit = clock.GetUtcNow().UtcDateTime - Abandoned;
        foreach (var path in Directory.EnumerateFiles(layout.Wal, ".*.tmp").Where(path => File.GetLastWriteTimeUtc(path) < limit))
        {
            File.Delete(path);
        }
    }

    /// <summary>Segments, whole or in part, and the .backup files among them, by position.</summary>
    private IOrderedEnumerable<string> WalFiles() =>
        Directory.GetFiles(layout.Wal)
            .Where(path => WalSegment.Names(Path.GetFileName(path)))
            .OrderBy(path => WalSegment.Place(Path.GetFileName(path)), StringComparer.Ordinal)
            .ThenBy(path => Path.GetFileName(path), StringComparer.Ordinal);

    private static bool IsBefore(string one, string other) => string.CompareOrdinal(WalSegment.Place(one), WalSegment.Place(other)) < 0;
}
