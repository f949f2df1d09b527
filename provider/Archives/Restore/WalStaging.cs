using PgFleet.Platform;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Restore;

/// <summary>Puts the WAL that a recovery reads into a folder of its own, so that neither expiry nor the source server's deletion removes it.</summary>
internal sealed class WalStaging(ArchiveLayout layout, WalSegments segments, string folder)
{
    private const int Attempts = 3;

    /// <summary>Stages from <paramref name="first"/>, the segment that holds the first record, to <paramref name="end"/>, where the last record ends.</summary>
    public void Run(WalSegment first, Lsn end, CancellationToken cancel)
    {
        foreach (var history in Directory.EnumerateFiles(layout.Wal, "*.history"))
        {
            Link(history, Path.Combine(folder, Path.GetFileName(history)));
        }
        EnsureHistory(first.Timeline);
        var last = WalSegment.Before(end, first.Timeline, first.Size);
        for (var segment = first; segment.Number <= last.Number; segment = segment.Next)
        {
            cancel.ThrowIfCancellationRequested();
            Take(segment);
        }
        Cut(last, (long)((ulong)end - (ulong)last.Start));
    }

    /// <summary>
    /// Ensures a history file: a server does not start on a timeline without one, although it needs none of its content, because replay begins on that
    /// timeline.
    /// </summary>
    private void EnsureHistory(uint timeline)
    {
        var place = Path.Combine(folder, $"{timeline:X8}.history");
        if (timeline > 1 && !File.Exists(place))
        {
            File.WriteAllText(place, "# what was before is not known\n");
        }
    }

    private void Take(WalSegment segment)
    {
        var place = Path.Combine(folder, segment.Name);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var path = segments.Find(segment);
            if (path is not null && (Path.GetDirectoryName(path) == layout.Wal ? Link(path, place) : Copy(path, place, segment)))
            {
                return;
            }
        }
        throw new FileNotFoundException($"The WAL segment {segment.Name} has gone while it was needed.");
    }

    /// <summary>Removes what was written after the target, so that the copy can never replay it.</summary>
    private void Cut(WalSegment last, long length)
    {
        var place = Path.Combine(folder, last.Name);
        var cut = $"{place}.cut";
        using (var from = File.OpenHandle(place))
        using (var to = File.OpenHandle(cut, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            SparseFile.Copy(from, to);
            RandomAccess.SetLength(to, length);
            RandomAccess.SetLength(to, last.Size); // zeros, as after the last record of a server's own segment
        }
        File.Move(cut, place, overwrite: true);
    }

    /// <summary>Links the file, because archived files never change; copies it to another file system.</summary>
    private static bool Link(string path, string place)
    {
        try
        {
            return Posix.TryLink(path, place);
        }
        catch (IOException) // another file system
        {
            File.Copy(path, place);
            return true;
        }
    }

    /// <summary>Copies a segment of a running server, which may meanwhile rename the file and write later WAL into it: the copy's header is checked.</summary>
    private static bool Copy(string path, string place, WalSegment segment)
    {
        try
        {
            File.Copy(path, place, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        using var copy = File.OpenHandle(place);
        return WalHeader.TryRead(copy)?.Page == segment.Start;
    }
}
