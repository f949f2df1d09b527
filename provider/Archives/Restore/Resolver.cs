using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Restore;

/// <summary>
/// Finds the WAL position of an instant. The server's own recovery_target_time would replay up to the next commit, including
/// the removal of a dropped database's files, which precedes the commit of the drop.
/// </summary>
/// <param name="segments">The WAL to read.</param>
/// <param name="backup">The base backup that replay starts from.</param>
/// <param name="first">The segment that holds the first record.</param>
/// <param name="breaks">Finds gaps in <paramref name="segments"/>.</param>
internal sealed class Resolver(WalSegments segments, BaseBackup backup, WalSegment first, WalBreaks breaks)
{
    private readonly DroppedFiles dropped = new(backup.MajorVersion);
    private (Lsn Start, Lsn End) target = (backup.StartLsn, backup.StartLsn);
    private ReplayLimits limits = backup.Limits;
    private DateTimeOffset reachable = DateTimeOffset.MinValue;
    private TransactionEnd? reached;
    private TransactionEnd? later;
    private TablespaceMark? tablespace;
    private TransactionEnd? afterTablespace;

    /// <param name="instant">The instant, in whole microseconds; null: the end of the WAL.</param>
    /// <param name="progress">Receives the position reached.</param>
    /// <param name="cancel">Stops reading.</param>
    public Resolution Resolve(DateTimeOffset? instant, Action<Lsn> progress, CancellationToken cancel)
    {
        using var reader = segments.Read(first, backup.StartLsn);
        var number = 0UL;
        while (later is null && reader.TryRead(out var record))
        {
            Note(record, instant);
            if ((ulong)record.End / (ulong)first.Size != number)
            {
                number = (ulong)record.End / (ulong)first.Size;
                cancel.ThrowIfCancellationRequested();
                progress(record.End);
            }
        }
        var end = reader.Position;
        return new()
        {
            Target = target.Start,
            TargetEnd = target.End,
            Reached = reached,
            Later = later,
            OutOfOrderCommit = later is null ? null : FindOutOfOrderCommit(reader, instant!.Value),
            Reachable = reachable,
            End = end,
            Break = later is null ? breaks.Find(reader, first) : null,
            Tablespace = tablespace,
            AfterTablespace = afterTablespace,
            Limits = limits,
            Removed = dropped.Pending,
        };
    }

    private void Note(WalRecord record, DateTimeOffset? instant)
    {
        // The data is not consistent before the backup's end has been replayed.
        if (record.Start.CompareTo(backup.StopLsn) < 0)
        {
            target = (record.Start, record.End);
        }
        limits = ReplayLimits.Find(record) is { } changed ? limits.And(changed) : limits;
        tablespace ??= Tablespaces.Find(record);
        Reach(Checkpoints.Find(record));
        if (TransactionEnd.Find(record) is { } end)
        {
            Note(end, record.End, instant);
        }
        else
        {
            dropped.Note(record);
        }
    }

    private void Note(TransactionEnd end, Lsn endsAt, DateTimeOffset? instant)
    {
        Reach(end.At);
        if (end.IsChange && tablespace is not null)
        {
            afterTablespace ??= end;
        }
        if (end.IsChange && end.At > instant)
        {
            later = end;
            return;
        }
        dropped.Note(end);
        reached = end.IsCommit ? end : reached;
        target = end.IsChange ? (end.Position, endsAt) : target;
    }

    private void Reach(DateTimeOffset? seen)
    {
        if (seen > reachable)
        {
            reachable = seen.Value;
        }
    }

    /// <summary>
    /// Finds a commit out of order. Concurrent commits may swap places within a segment. A clock that was set back shows in the times at which
    /// later segments were archived; they are read only then.
    /// </summary>
    private TransactionEnd? FindOutOfOrderCommit(WalReader reader, DateTimeOffset instant)
    {
        var near = (ulong)later!.Value.Position / (ulong)first.Size + 1;
        var last = segments.From(first with { Number = near + 1 }).Where(segment => segments.ArchivedAt(segment) <= instant)
            .Select(segment => segment.Number).Append(near).Max();
        while (reader.TryRead(out var record) && (ulong)record.Start / (ulong)first.Size <= last)
        {
            if (TransactionEnd.Find(record) is { IsChange: true } end && end.At <= instant)
            {
                return end;
            }
        }
        return null;
    }
}
