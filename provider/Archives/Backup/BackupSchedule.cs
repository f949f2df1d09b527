using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Backup;

/// <summary>When a server needs another base backup.</summary>
internal sealed class BackupSchedule(ArchiveConfig config, TimeProvider clock)
{
    /// <summary>Replay runs at some 80 MB/s: this bounds a restore's by half a minute.</summary>
    private const ulong MostWalBetween = 2UL << 30;

    /// <summary>A backup that fails after hours of copying is not to be tried again with every segment.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(5);

    private readonly ArchiveLayout layout = new(config.ArchiveDirectory);
    private readonly BackupCatalogue catalogue = new(config.ArchiveDirectory, config.SystemIdentifier);

    /// <param name="archived">The segment that was archived now; null when it was another file.</param>
    public bool IsDue(WalSegment? archived)
    {
        var now = clock.GetUtcNow();
        if (File.Exists(layout.BackupFailure) && (now - File.GetLastWriteTimeUtc(layout.BackupFailure)).Duration() < PauseAfterFailure)
        {
            return false;
        }
        // A backup from the future means a clock set back, so its distance counts, not its age.
        return catalogue.List().LastOrDefault(backup => new StoredBackup(catalogue.DataOf(backup)).IsDescribed) is not { } newest
            || (now - newest.EndedAt).Duration().TotalSeconds > config.IntervalSeconds
            || archived?.Start.Value > newest.StopLsn.Value + MostWalBetween
            || (archived is { } last && new ArchivedWal(layout, config.SystemIdentifier).FindGap(newest, last) is not null);
    }
}
