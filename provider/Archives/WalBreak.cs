using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>Where WAL ends that went on once.</summary>
/// <param name="Segment">The name of the segment that is missing or damaged.</param>
/// <param name="Text">The same as a sentence tells it.</param>
internal sealed record WalBreak(string Segment, string Text);

/// <summary>Tells the end of the WAL from a hole in it.</summary>
/// <param name="segments">The WAL that was read.</param>
/// <param name="noted">Up to where the archive has had it; null when that is not known.</param>
internal sealed class WalBreaks(WalSegments segments, Lsn? noted)
{
    /// <summary>Why a reading came to its end; null when nothing more was written.</summary>
    /// <param name="reader">It has come to its end.</param>
    /// <param name="any">Any segment of the timeline that is read.</param>
    public WalBreak? Find(WalReader reader, WalSegment any)
    {
        var segment = any with { Number = reader.Broken.Value / (ulong)any.Size };
        if (CanGoOn(reader, any))
        {
            return null; // a server writes on meanwhile
        }
        // The last that a deleted server wrote is archived as it is, unfilled; what is beyond its end was never noted.
        var wentOn = noted?.CompareTo(reader.Position) > 0 || segments.From(segment.Next).Count > 0;
        return !wentOn ? null
            : segments.IsArchived(segment) || segments.Find(segment) is not null ? Damaged(segment, reader.Position)
            : new(segment.Name, $"the WAL segment {segment.Name} is missing");
    }

    /// <summary>What is wrong with a segment that lies between two others; it is not there as it was written.</summary>
    public WalBreak Of(WalSegment segment) => segments.IsArchived(segment)
        ? new(segment.Name, $"the WAL segment {segment.Name} is damaged")
        : new(segment.Name, $"the WAL segment {segment.Name} is missing");

    private bool CanGoOn(WalReader reader, WalSegment any)
    {
        var position = reader.Position;
        using var again = segments.Read(any with { Number = position.Value / (ulong)any.Size }, position);
        return again.TryRead(out var next) && (reader.Last is not { } last || next.Previous == last.Value);
    }

    private static WalBreak Damaged(WalSegment segment, Lsn position) => new(segment.Name, $"the WAL segment {segment.Name} is damaged: nothing reads after {position}");
}
