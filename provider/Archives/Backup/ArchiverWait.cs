using PgFleet.Failures;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Backup;

/// <summary>Waits for segments to be archived, as long as the server's archiver makes progress.</summary>
internal sealed class ArchiverWait(string server, ArchiveLayout layout, BackupSession session, TimeProvider clock)
{
    private const int FailuresInARow = 3;
    private static readonly TimeSpan StallTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="ResourceFailure">The archiver fails or makes no progress.</exception>
    public async Task UntilStoredAsync(IEnumerable<WalSegment> segments, CancellationToken cancel)
    {
        var last = await session.CountArchivedAsync(cancel);
        var since = clock.GetTimestamp();
        foreach (var segment in segments)
        {
            // Checks for the file itself: the last name in pg_stat_archiver may be a .backup file.
            while (!File.Exists(Path.Combine(layout.Wal, segment.Name)))
            {
                await Task.Delay(Pause, clock, cancel);
                var counts = await session.CountArchivedAsync(cancel);
                if (counts.Archived != last.Archived)
                {
                    (last, since) = (counts, clock.GetTimestamp());
                }
                else if (counts.Failed >= last.Failed + FailuresInARow || clock.GetElapsedTime(since) > StallTimeout)
                {
                    throw new ResourceFailure(
                        FailureKind.Unavailable,
                        $"The server \"{server}\" does not archive: the WAL segment {segment.Name} is missing after {counts.Failed - last.Failed} attempts that failed.",
                        $"Its log says why; see whether the disk of \"{layout.Wal}\" is full.");
                }
            }
        }
    }
}
