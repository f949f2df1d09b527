using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Backup;

/// <summary>Decides when a server needs another base backup.</summary>
internal sealed class BackupSchedule(ArchiveConfig config, TimeProvider clock)
{
    /// <summary>Limit of WAL between backups. Replay runs at about 80 MB/s, so this bounds a restore's replay to half a minute.</summary>
    private const ulong MostWalBetween = 2UL << 30;

    /// <summary>A backup that failed after hours of copying must not be retried with every segment.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(5);

    private readonly ArchiveLayout layout = new(config.ArchiveDirectory);
    private readonly BackupCatalogue catalogue = new(config.ArchiveDirectory, config.SystemIdentifier);

    /// <summary>True if a backup is due. <paramref name="archived"/> is the segment that was just archived; null when it was another file.</summary>
    public bool IsDue(WalSegment? archived)
    {
        var now = clock.GetUtcNow();
        if (File.Exists(layout.BackupFailure) && (now - File.GetLastWriteTimeUtc(layout.BackupFailure)).Duration() < PauseAfterFailure)
        {
            return false;
        }
        // A backup from the future means that the clock was set back, so the absolute distance counts.
        return catalogue.List().LastOrDefault(backup => new StoredBackup(catalogue.DataOf(backup)).IsDescribed) is not { } newest
            || (now - newest.EndedAt).Duration().TotalSeconds > config.IntervalSeconds
            || (archived is { } last
                && ((ulong)last.Start > (ulong)newest.StopLsn + MostWalBetween || new ArchivedWal(layout, config.SystemIdentifier).FindGap(newest, last) is not null));
    }
}
