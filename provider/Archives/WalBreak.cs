using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>The missing or damaged segment at which the readable WAL ends although the server wrote more.</summary>
/// <param name="Segment">The segment's name.</param>
/// <param name="Text">A description for use in a sentence.</param>
internal sealed record WalBreak(string Segment, string Text);

/// <summary>Distinguishes the end of the WAL from a gap in it.</summary>
/// <param name="segments">The WAL that was read.</param>
/// <param name="noted">The position up to which the archive has held WAL; null when it is not known.</param>
internal sealed class WalBreaks(WalSegments segments, Lsn? noted)
{
    /// <summary>Explains why reading ended; null when the server wrote nothing more.</summary>
    /// <param name="reader">A reader that has reached its end.</param>
    /// <param name="any">Any segment of the timeline that is read.</param>
    public WalBreak? Find(WalReader reader, WalSegment any)
    {
        var segment = any with { Number = (ulong)reader.Broken / (ulong)any.Size };
        if (CanGoOn(reader, any))
        {
            return null; // the server has written more meanwhile
        }
        // The last segment of a deleted server is archived partly filled; no note was taken beyond its end.
        var wentOn = noted?.CompareTo(reader.Position) > 0 || segments.From(segment.Next).Count > 0;
        return !wentOn ? null
            : segments.IsArchived(segment) || segments.Find(segment) is not null ? Damaged(segment, reader.Position)
            : new(segment.Name, $"the WAL segment {segment.Name} is missing");
    }

    /// <summary>Describes a segment that is missing or damaged although it lies between two others.</summary>
    public WalBreak Of(WalSegment segment) => segments.IsArchived(segment)
        ? new(segment.Name, $"the WAL segment {segment.Name} is damaged")
        : new(segment.Name, $"the WAL segment {segment.Name} is missing");

    private bool CanGoOn(WalReader reader, WalSegment any)
    {
        var position = reader.Position;
        using var again = segments.Read(any with { Number = (ulong)position / (ulong)any.Size }, position);
        return again.TryRead(out var next) && (reader.Last is not { } last || next.Previous == (ulong)last);
    }

    private static WalBreak Damaged(WalSegment segment, Lsn position) => new(segment.Name, $"the WAL segment {segment.Name} is damaged: nothing reads after {position}");
}
