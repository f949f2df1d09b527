using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Restore;

/// <summary>Finds the instants that a run of WAL leads to: from the end of a backup until a tablespace is created, or the WAL ends.</summary>
/// <param name="segments">The WAL.</param>
/// <param name="run">The run.</param>
/// <param name="notes">The notes on the run's timeline; null when there are none.</param>
internal sealed class WalRunInspection(WalSegments segments, WalRun run, WalNotes? notes)
{
    /// <summary>Limit of segments without notes that an inspection reads, to bound its duration. A restore reads all of them.</summary>
    private const ulong MostRead = 64;

    /// <param name="backups">The usable backups in the run, in order.</param>
    /// <param name="gap">What ends the run; null when the server wrote nothing after it.</param>
    public IEnumerable<RangeReport> Ranges(IReadOnlyList<BaseBackup> backups, WalBreak? gap)
    {
        var marks = backups.Count == 0 ? [] : Marks(backups[0].StartLsn);
        while (backups.Count > 0)
        {
            var (first, mark) = (backups[0], marks.Find(mark => mark.At.CompareTo(backups[0].StartLsn) >= 0));
            if (mark is null || ChangeAfter(mark) is not { } change)
            {
                yield return new(first.EndedAt, Latest(backups[^1]), gap?.Segment, gap?.Text, null);
                yield break;
            }
            var until = change.At.AddMicroseconds(-1);
            if (mark.At.CompareTo(first.StopLsn) >= 0 && until >= first.EndedAt)
            {
                yield return new(first.EndedAt, until, null, Why(mark, change), mark.Tablespace);
            }
            backups = [.. backups.Where(backup => backup.StartLsn.CompareTo(mark.At) > 0)];
        }
    }

    /// <summary>Explains why a copy cannot include a tablespace.</summary>
    public static string Why(TablespaceMark mark, TransactionEnd? change) =>
        $"{mark.Text}, {(mark.Path is null ? "removed" : "made")}{(change is { } at ? $" at {RestoreSearch.Text(at.At)}" : "")}, lies outside of the data directory, and a copy would write into it";

    private List<TablespaceMark> Marks(Lsn from)
    {
        var (noted, end) = (notes is null || !run.Holds(notes.From) ? null : notes, run.Last.Next.Start);
        return
        [
            .. (notes?.Tablespaces ?? []).Where(mark => run.Holds(mark.At))
                .Concat(noted is null ? Read(from, end) : Read(from, noted.From).Concat(Read(noted.To, end)))
                .DistinctBy(mark => mark.At).OrderBy(mark => mark.At),
        ];
    }

    private List<TablespaceMark> Read(Lsn from, Lsn end)
    {
        var marks = new List<TablespaceMark>();
        if (from.CompareTo(end) >= 0 || !run.Holds(from) || ((ulong)end - (ulong)from) / (ulong)run.First.Size > MostRead)
        {
            return marks;
        }
        using var reader = segments.Read(run.At(from), from);
        while (reader.TryRead(out var record) && record.Start.CompareTo(end) < 0)
        {
            if (Tablespaces.Find(record) is { } mark)
            {
                marks.Add(mark);
            }
        }
        return marks;
    }

    private TransactionEnd? ChangeAfter(TablespaceMark mark)
    {
        using var reader = segments.Read(run.At(mark.At), mark.At);
        while (reader.TryRead(out var record))
        {
            if (TransactionEnd.Find(record) is { IsChange: true } change)
            {
                return change;
            }
        }
        return null;
    }

    /// <summary>The last instant recorded in the WAL after a backup; the backup's end when there is none. Reads each segment once.</summary>
    /// <remarks>A checkpoint's time is truncated to the second, and may be earlier than a commit before it.</remarks>
    private DateTimeOffset Latest(BaseBackup backup)
    {
        var (latest, hasEnds) = (backup.EndedAt, false);
        for (var segment = run.Last; !hasEnds && segment.Next.Start.CompareTo(backup.StopLsn) > 0; segment = segment with { Number = segment.Number - 1 })
        {
            using var reader = segments.Read(segment, segment.Start);
            while (reader.TryRead(out var record) && record.Start.CompareTo(segment.Next.Start) < 0)
            {
                var end = TransactionEnd.Find(record);
                hasEnds |= end is not null;
                if ((end?.At ?? Checkpoints.Find(record)) is { } seen && seen > latest)
                {
                    latest = seen;
                }
            }
        }
        return latest;
    }
}
