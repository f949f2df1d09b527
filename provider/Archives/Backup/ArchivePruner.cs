using PgFleet.Platform;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Backup;

/// <summary>Deletes expired backups and WAL from an archive. Runs right after backups were checked, under the check's lock.</summary>
internal sealed class ArchivePruner(ArchiveConfig config, ArchiveLayout layout, TimeProvider clock)
{
    /// <summary>Age at which a temporary file is abandoned; no call of the archiver takes as long.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>Does nothing while a restore reads the archive.</summary>
    public void Run()
    {
        using var pruneLock = FileLock.TryTake(layout.PruneLock);
        if (pruneLock is null)
        {
            return;
        }
        var retention = TimeSpan.FromSeconds(config.RetentionSeconds);
        FinishRemoval();
        var backups = new BackupCatalogue(config.ArchiveDirectory, config.SystemIdentifier).List();
        var plan = RetentionPlan.Plan(backups, backup => backup.IsGood && new StoredBackup(Path.Combine(layout.Backup(backup.Name), BackupCatalogue.DataFolder)).IsDescribed, RetentionPlan.TrustedNow([.. Marks(backups)], retention), retention);
        // Backups first: wherever this is interrupted, every listed backup still has its WAL.
        RemoveBackups(plan.Expired);
        RemoveWal(plan.Floor);
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
        // The newest backup's end bounds the clock, however late it was checked: a server that is stopped or broken takes no more backups, and its window must
        // not shrink.
        var now = clock.GetUtcNow();
        yield return backups is [.., var newest] && newest.EndedAt < now ? newest.EndedAt : now;
    }

    private void RemoveBackups(IReadOnlyCollection<BaseBackup> expired)
    {
        foreach (var backup in expired)
        {
            Directory.Move(layout.Backup(backup.Name), layout.ExpiredBackup(backup.Name));
        }
        Posix.SyncDirectory(layout.Backups);
        FinishRemoval();
    }

    private void FinishRemoval()
    {
        foreach (var expired in Directory.EnumerateDirectories(layout.Backups, ".*.del").Where(path => ArchiveLayout.IsExpiredBackup(Path.GetFileName(path))))
        {
            Directory.Delete(expired, recursive: true);
        }
    }

    /// <summary>Deletes WAL before the floor. Timeline histories stay, because a recovery finds its way through timelines by them.</summary>
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
        var files = Directory.EnumerateFiles(layout.Wal, ".*.tmp").Concat(Directory.EnumerateFiles(config.ArchiveDirectory, ".*.tmp"));
        foreach (var path in files.Where(path => File.GetLastWriteTimeUtc(path) < limit))
        {
            File.Delete(path);
        }
    }

    /// <summary>Complete and partial segments and .backup files, by position.</summary>
    private IOrderedEnumerable<string> WalFiles() =>
        Directory.GetFiles(layout.Wal)
            .Where(path => WalSegment.Names(Path.GetFileName(path)))
            .OrderBy(path => WalSegment.SortKey(Path.GetFileName(path)), StringComparer.Ordinal)
            .ThenBy(path => Path.GetFileName(path), StringComparer.Ordinal);

    private static bool IsBefore(string one, string other) => string.CompareOrdinal(WalSegment.SortKey(one), WalSegment.SortKey(other)) < 0;
}
