using PgFleet.Archives.Backup;
using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Postgres.Backup;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Restore;

/// <summary>Makes a data directory that recovers to an instant from a server's archive. It reads the server's folders and writes none of them.</summary>
/// <param name="config">The source server's configuration.</param>
/// <param name="layout">The source server's archive.</param>
/// <param name="target">An empty folder for the data directory.</param>
/// <param name="wal">An empty folder for the WAL to replay.</param>
/// <param name="progress">Receives the progress of each step.</param>
internal sealed class RestoreJob(ArchiveConfig config, ArchiveLayout layout, string target, string wal, IProgress<ByteProgress> progress)
{
    private readonly BackupCatalogue catalogue = new(config.ArchiveDirectory, config.SystemIdentifier);
    private readonly WalSegments segments = WalSegments.Of(config, layout);
    private readonly List<string> damages = [];

    /// <summary>Restores to <paramref name="instant"/>; null: the latest state that can be reached.</summary>
    /// <remarks>
    /// At a backup's end, a DROP DATABASE may be in progress: the database is marked or its files are gone, and the drop is not committed. A commit
    /// is a better place to stop, even if it takes an older backup; a backup's end is used only where there is none.
    /// </remarks>
    public async Task<RestorePoint> RunAsync(DateTimeOffset? instant, CancellationToken cancel)
    {
        var backups = catalogue.List().Where(backup => instant is null || backup.EndedAt <= instant).Reverse().ToList();
        backups = new BackupChoice(layout, config.SystemIdentifier, segments).Prefer(backups);
        return await TryEachAsync(backups, instant, mayStopAtEnd: false, cancel)
            ?? await TryEachAsync(backups, instant, mayStopAtEnd: true, cancel)
            ?? throw new ResourceFailure(
                FailureKind.Refused,
                $"No base backup of \"{config.Name}\" leads to that instant.{string.Concat(damages.Distinct().Select(damage => $" {damage}"))}",
                "Restore to an instant after the end of a backup that is whole.");
    }

    private async Task<RestorePoint?> TryEachAsync(IReadOnlyList<BaseBackup> backups, DateTimeOffset? instant, bool mayStopAtEnd, CancellationToken cancel)
    {
        foreach (var backup in backups)
        {
            try
            {
                if (await TryAsync(backup, instant, mayStopAtEnd, cancel) is { } point)
                {
                    return point with { Warnings = [.. point.Warnings, .. damages.Distinct(), .. BackupChoice.Warnings(backup)] };
                }
            }
            catch (DamagedBackupException damage)
            {
                damages.Add($"The base backup of {backup.EndedAt:u} is damaged, and an older one was taken: {damage.Message}.");
                Empty(target);
            }
            catch (ResourceFailure) when (!mayStopAtEnd)
            {
                return null; // WAL is missing after this backup; the second attempt reports it if it cannot be avoided
            }
        }
        return null;
    }

    private async Task<RestorePoint?> TryAsync(BaseBackup backup, DateTimeOffset? instant, bool mayStopAtEnd, CancellationToken cancel)
    {
        var first = segments.FindFirst(backup)
            ?? throw new DamagedBackupException($"the WAL segment {backup.StartSegment}, with which a recovery from it begins, is missing or damaged");
        var all = segments.From(first)[^1].Next.Start;
        var found = new RestoreSearch(config.Name, segments, new(segments, NotedOf(first))).Find(
            backup, first, instant, mayStopAtEnd, at => progress.Report(new("searching the WAL", Distance(backup.StartLsn, at), Distance(backup.StartLsn, all))), cancel);
        if (found is not { } place)
        {
            return null;
        }
        await new StoredBackup(catalogue.DataOf(backup)).CopyAsync(target, progress, cancel);
        Empty(wal);
        new WalStaging(layout, segments, wal).Run(first, place.End, cancel);
        var settings = SystemSettings.TakeAway(target);
        WriteRecoverySignal();
        return place.Point with
        {
            Warnings = settings.Count == 0
                ? place.Point.Warnings
                : [.. place.Point.Warnings, $"ALTER SYSTEM has set {string.Join(", ", settings)} on \"{config.Name}\", and that does not come over. Set it in parameters, if the copy shall have it."],
        };
    }

    /// <summary>The position that the archive of that timeline has reached at some time.</summary>
    private Lsn? NotedOf(WalSegment first) => WalNotes.Find(layout) is { } notes && notes.Timeline == first.Timeline ? notes.To : null;

    /// <summary>Writes recovery.signal: without it, a server would start from the backup alone and end recovery at its end.</summary>
    private void WriteRecoverySignal()
    {
        RecoverySignal.Give(target);
        Posix.SyncFileSystem(target);
        Posix.SyncFileSystem(wal);
    }

    private static long Distance(Lsn from, Lsn to) => (long)((ulong)to - (ulong)from);

    private static void Empty(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo inner)
            {
                inner.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }
}
