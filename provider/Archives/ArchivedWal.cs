using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>Checks whether the archived WAL continues from a backup without a gap. Only then can current changes be restored from that backup.</summary>
internal sealed class ArchivedWal(ArchiveLayout layout, string systemIdentifier)
{
    private readonly WalSegments segments = new(layout, serverWal: null, systemIdentifier);

    /// <summary>Finds the first gap between a backup and <paramref name="last"/>, the segment that was archived last.</summary>
    /// <returns>The first segment that is missing or damaged, or the first of another timeline; null when there is none.</returns>
    public WalSegment? FindGap(BaseBackup backup, WalSegment last)
    {
        if (last.Timeline != backup.Timeline)
        {
            return last.Timeline > backup.Timeline ? last : null;
        }
        WalSegment? before = null;
        for (var segment = WalSegment.Parse(backup.StartSegment, last.Size); segment.Number <= last.Number; segment = segment.Next)
        {
            if (!IsThere(segment))
            {
                return segment;
            }
            if (before is { } previous && IsSuspect(previous, segment, last) && !LeadsOn(previous))
            {
                return previous;
            }
            before = segment;
        }
        return null;
    }

    private bool IsThere(WalSegment segment)
    {
        if (segments.ArchivedAt(segment) is null)
        {
            return false;
        }
        using var file = File.OpenHandle(Path.Combine(layout.Wal, segment.Name));
        return RandomAccess.GetLength(file) == segment.Size && WalHeader.TryRead(file) is { } header && header.Page == segment.Start && $"{header.SystemIdentifier}" == systemIdentifier;
    }

    /// <summary>
    /// True for a segment that must be read: archived files never change, so one that is younger than its successor was modified. The last but one has not been
    /// read yet.
    /// </summary>
    private bool IsSuspect(WalSegment segment, WalSegment next, WalSegment last) => next == last || segments.ArchivedAt(segment) > segments.ArchivedAt(next);

    private bool LeadsOn(WalSegment segment)
    {
        using var reader = segments.Read(segment, segment.Start);
        while (reader.TryRead(out var record) && record.End.CompareTo(segment.Next.Start) < 0)
        {
        }
        return reader.Position.CompareTo(segment.Next.Start) >= 0;
    }
}
