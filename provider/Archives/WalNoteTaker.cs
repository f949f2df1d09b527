using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>Reads each segment once, right after it was archived, and notes what a restore needs to know about it.</summary>
internal sealed class WalNoteTaker(ArchiveLayout layout, WalSegments segments)
{
    /// <summary>Limit of segments to catch up on while the server waits; a longer backlog is skipped.</summary>
    private const ulong MostAtOnce = 64;

    /// <summary>Notes <paramref name="archived"/>, the segment that was just added.</summary>
    public void Note(WalSegment archived)
    {
        var known = WalNotes.Find(layout) is { } found && found.Timeline == archived.Timeline ? found : null;
        if (known?.To.CompareTo(archived.Next.Start) >= 0)
        {
            return; // a server repeats the call after a crash
        }
        var read = known is not null && Leads(known.To, archived) ? Read(known, archived) : null;
        read = read?.To.CompareTo(archived.Start) >= 0
            ? read
            : Read(new() { Timeline = archived.Timeline, From = archived.Start, To = archived.Start, Tablespaces = known?.Tablespaces ?? [] }, archived);
        read.Write(layout);
    }

    /// <summary>Continues reading where the notes end.</summary>
    private WalNotes Read(WalNotes known, WalSegment archived)
    {
        var (marks, to) = (known.Tablespaces.ToList(), known.To);
        using var reader = segments.Read(archived with { Number = (ulong)known.To / (ulong)archived.Size }, known.To);
        while (reader.TryRead(out var record) && record.Start.CompareTo(archived.Next.Start) < 0)
        {
            to = reader.Position; // what the server has written after this segment is not archived yet
            if (Tablespaces.Find(record) is { } mark)
            {
                marks.Add(mark);
            }
        }
        return known with { To = to, Tablespaces = marks };
    }

    /// <summary>True if every segment between the end of the notes and this segment is there, and they are few enough.</summary>
    private bool Leads(Lsn to, WalSegment archived)
    {
        var next = (ulong)to / (ulong)archived.Size;
        return next <= archived.Number && archived.Number - next <= MostAtOnce
            && Enumerable.Range(0, (int)(archived.Number - next)).All(ahead => segments.Find(archived with { Number = next + (ulong)ahead }) is not null);
    }
}
