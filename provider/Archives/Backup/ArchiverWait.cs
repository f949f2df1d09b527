using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Backup;

/// <summary>Waits for segments to be archived, as long as the server's archiver makes progress.</summary>
internal sealed class ArchiverWait(string server, ArchiveLayout layout, BackupSession session, TimeProvider clock)
{
    private const int FailuresInARow = 3;
    private static readonly TimeSpan StallTimeout = TimeSpan.FromMinutes(2);

    /// <exception cref="ResourceFailure">The archiver fails or makes no progress.</exception>
    public async Task UntilStoredAsync(IEnumerable<WalSegment> segments, CancellationToken cancel)
    {
        var last = await session.CountArchivedAsync(cancel);
        var since = clock.GetTimestamp();
        foreach (var segment in segments)
        {
            await Poll.UntilAsync(
                Poll.Interval,
                clock,
                async token =>
                {
                    // Checks for the file itself: the last name in pg_stat_archiver may be a .backup file.
                    if (File.Exists(Path.Combine(layout.Wal, segment.Name)))
                    {
                        return true;
                    }
                    var counts = await session.CountArchivedAsync(token);
                    if (counts.Archived != last.Archived)
                    {
                        (last, since) = (counts, clock.GetTimestamp());
                    }
                    else if (counts.Failed >= last.Failed + FailuresInARow || clock.GetElapsedTime(since) > StallTimeout)
                    {
                        throw Standstill(segment, counts.Failed - last.Failed);
                    }
                    return false;
                },
                cancel);
        }
    }

    private ResourceFailure Standstill(WalSegment missing, long failures) => new(
        FailureKind.Unavailable,
        $"The server \"{server}\" does not archive: the WAL segment {missing.Name} is missing after {failures} attempts that failed.",
        $"Its log says why; see whether the disk of \"{layout.Wal}\" is full.");
}
