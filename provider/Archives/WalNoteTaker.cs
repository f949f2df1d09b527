using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>Reads each segment once, when it has just been archived, and notes what a restore has to know of it.</summary>
internal sealed class WalNoteTaker(ArchiveLayout layout, WalSegments segments)
{
    /// <summary>More than this is not caught up with while the server waits.</summary>
    private const ulong MostAtOnce = 64;

    /// <param name="archived">The segment that was added.</param>
    public void Note(WalSegment archived)
    {
        var known = WalNotes.Find(layout) is { } found && found.Timeline == archived.Timeline ? found : null;
        if (known?.To.CompareTo(archived.Next.Start) >= 0)
        {
            return; // a server asks again after a crash
        }
        var read = known is not null && Leads(known.To, archived) ? Read(known, archived) : null;
        read = read?.To.CompareTo(archived.Start) >= 0
            ? read
            : Read(new() { Timeline = archived.Timeline, From = archived.Start, To = archived.Start, Tablespaces = known?.Tablespaces ?? [] }, archived);
        read.Write(layout);
    }

    /// <summary>Reads on from where it was left off.</summary>
    private WalNotes Read(WalNotes known, WalSegment archived)
    {
        var (marks, to) = (known.Tablespaces.ToList(), known.To);
        using var reader = segments.Read(archived with { Number = known.To.Value / (ulong)archived.Size }, known.To);
        while (reader.TryRead(out var record) && record.Start.CompareTo(archived.Next.Start) < 0)
        {
            to = reader.Position; // what the server has written beyond is not archived yet
            if (Tablespaces.Find(record) is { } mark)
            {
                marks.Add(mark);
            }
        }
        return known with { To = to, Tablespaces = marks };
    }

    /// <summary>Whether everything lies there between what was read last and this segment.</summary>
    private bool Leads(Lsn to, WalSegment archived)
    {
        var next = to.Value / (ulong)archived.Size;
        return next <= archived.Number && archived.Number - next <= MostAtOnce
            && Enumerable.Range(0, (int)(archived.Number - next)).All(ahead => segments.Find(archived with { Number = next + (ulong)ahead }) is not null);
    }
}
