using System.Globalization;
using PgFleet.Archives.Backup;
using PgFleet.Failures;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Restore;

/// <summary>Finds where replay from a backup must stop for an instant, and refuses when the result would not be the state at that instant.</summary>
/// <param name="name">The server's name.</param>
/// <param name="segments">The WAL to read.</param>
/// <param name="breaks">Finds gaps in <paramref name="segments"/>.</param>
internal sealed class RestoreSearch(string name, WalSegments segments, WalBreaks breaks)
{
    /// <summary>Concurrent commits may be out of order by up to this much; more means that the clock was set back.</summary>
    private static readonly TimeSpan CommitOrderTolerance = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Finds the restore point for <paramref name="instant"/>; null: the latest state. <paramref name="mayStopAtEnd"/> permits the backup's end when nothing
    /// was committed between it and the instant.
    /// </summary>
    /// <returns>The point, and the end of its last record; null when an older backup is needed.</returns>
    public (RestorePoint Point, Lsn End)? Find(
        BaseBackup backup, WalSegment first, DateTimeOffset? instant, bool mayStopAtEnd, Action<Lsn> progress, CancellationToken cancel)
    {
        var found = new Resolver(segments, backup, first, breaks).Resolve(instant, progress, cancel);
        if (found.Later?.Position.CompareTo(backup.StopLsn) < 0 || (found.Target.CompareTo(backup.StopLsn) < 0 && !mayStopAtEnd))
        {
            return null;
        }
        if (found.Later is null && found.End.CompareTo(backup.StopLsn) < 0)
        {
            throw new DamagedBackupException($"its WAL ends at {found.End}{(found.Break is { } cut ? $", since {cut.Text}" : "")}, and it needs all up to {backup.StopLsn}");
        }
        RequireReached(found, instant, segments.FindEndOf(first.Timeline));
        RequireNoTablespace(found);
        RequireWhole(found);
        return (PointOf(backup, first, found, instant), found.TargetEnd);
    }

    private static RestorePoint PointOf(BaseBackup backup, WalSegment first, Resolution found, DateTimeOffset? instant) => new()
    {
        Instant = instant ?? Max(found.Reachable, backup.EndedAt),
        Backup = backup.Name,
        Timeline = backup.Timeline,
        SegmentSize = first.Size,
        Start = backup.StartLsn,
        Target = found.Target,
        RestoredTo = found.Reached?.At ?? backup.EndedAt,
        Limits = found.Limits,
        Warnings = [.. Warnings(found, instant)],
    };

    /// <summary>Refuses an instant that the WAL does not reach. <paramref name="wentOn"/> explains why the timeline that was read is not the last.</summary>
    private void RequireReached(Resolution found, DateTimeOffset? instant, string? wentOn)
    {
        if (found.Later is null && instant > found.Reachable)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The WAL of \"{name}\" reaches to {Text(found.Reachable)}, and {Text(instant.Value)} is later{((found.Break?.Text ?? wentOn) is { } cut ? $": {cut}" : "")}.",
                $"Set {Term.Property("restoreTime")} to {Text(found.Reachable)} or an earlier instant.");
        }
        if (instant is null && (found.Break?.Text ?? wentOn) is { } gap)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The latest state of \"{name}\" is out of reach: {gap}. What comes before reaches to {Text(found.Reachable)}.",
                $"Set {Term.Property("restoreTime")} to {Text(found.Reachable)} or an earlier instant.");
        }
        if (found.OutOfOrderCommit is { } straggler && found.Later!.Value.At - straggler.At > CommitOrderTolerance)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The clock of \"{name}\" was set back, and {Text(instant!.Value)} came twice: at {found.Later.Value.Position.ToString()} the server committed at {Text(found.Later.Value.At)}, and then, at {straggler.Position.ToString()}, at {Text(straggler.At)}.",
                $"Restore to an instant before {Text(straggler.At)}, or after {Text(found.Later.Value.At)}.");
        }
    }

    /// <summary>Refuses to replay a tablespace record: the copy would write into the folder that the source server uses.</summary>
    private void RequireNoTablespace(Resolution found)
    {
        if (found.Tablespace is { } mark && mark.At.CompareTo(found.Target) <= 0)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"That state of \"{name}\" cannot be copied: {WalRunInspection.Why(mark, found.AfterTablespace)}.",
                $"Set {Term.Property("restoreTime")} to an instant {(found.AfterTablespace is { } change ? $"before {Text(change.At)}" : "before it was made")}, or after the end of a base backup that begins when it is dropped.");
        }
    }

    /// <summary>
    /// Refuses an instant in the middle of a DROP DATABASE. At the end of the WAL it is accepted: the drop will never be committed, and the database is what a
    /// crash would have left.
    /// </summary>
    private static void RequireWhole(Resolution found)
    {
        if (found.Later is { } later && found.Removed is { } removed && removed.CompareTo(found.Target) < 0)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"At that instant a database was being dropped: its files were gone since {removed.ToString()}, and the drop was not committed before {Text(later.At)}.",
                "Restore to an instant a few seconds earlier, or to a later one.");
        }
    }

    private static IEnumerable<string> Warnings(Resolution found, DateTimeOffset? instant)
    {
        if (found.OutOfOrderCommit is { } straggler)
        {
            yield return $"Commit times ran backwards round {Text(instant!.Value)}: transaction {straggler.Transaction} says {Text(straggler.At)}, but was committed after one of {Text(found.Later!.Value.At)}; it is not in the restored state.";
        }
    }

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
