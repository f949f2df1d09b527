using PgFleet.Engines.Local.Archive.Reading;

namespace PgFleet.Engines.Local.Archive.Restoring;

/// <summary>Looks over an archive. Reads little: names, sizes, and the last WAL of each stretch.</summary>
internal sealed class ArchiveSurvey(ArchiveConfig config, ArchiveLayout layout)
{
    private readonly BackupCatalogue catalogue = new(config.ArchiveDirectory, config.SystemIdentifier);
    private readonly WalSegments segments = WalSegments.Of(config, layout);

    public ArchiveReport Report()
    {
        var backups = catalogue.List().Select(backup => (Backup: backup, Damage: FindDamage(backup))).ToList();
        return new(
            [.. backups.Select(one => new BackupReport(one.Backup.Name, one.Backup.EndedAt, one.Backup.Bytes, one.Damage, one.Backup.Check)).Concat(Unreadable()).OrderBy(one => one.EndedAt)],
            [.. backups.Where(one => one.Damage is null).Select(one => one.Backup).GroupBy(backup => backup.Timeline).SelectMany(one => Stretches([.. one]))],
            new BackupHealth(config, layout, TimeProvider.System).FindComplaint());
    }

    private IEnumerable<BackupReport> Unreadable() => catalogue.ListDamaged().Select(entry => new BackupReport(entry.Name, entry.Since, 0, entry.Damage, null));

    private string? FindDamage(BaseBackup backup) =>
        segments.FindFirst(backup) is null
            ? $"the WAL segment {backup.StartSegment}, with which a recovery from it begins, is missing"
            : new KeptBackup(catalogue.DataOf(backup)).FindDamage();

    private IEnumerable<Stretch> Stretches(IReadOnlyList<BaseBackup> backups)
    {
        if (backups.Count == 0)
        {
            yield break;
        }
        var runs = Runs(segments.From(segments.FindFirst(backups[0])!.Value));
        foreach (var (first, last, isLast) in runs)
        {
            var inside = backups.Where(backup => backup.StartLsn.CompareTo(first.Start) >= 0 && backup.StopLsn.CompareTo(last.Next.Start) <= 0).ToList();
            if (inside.Count > 0)
            {
                yield return new(inside[0].EndedAt, Latest(inside[^1], last), isLast ? null : last.Next.Name);
            }
        }
    }

    private static IEnumerable<(WalSegment First, WalSegment Last, bool IsLast)> Runs(IReadOnlyList<WalSegment> all)
    {
        var first = 0;
        for (var i = 0; i < all.Count; i++)
        {
            if (i + 1 == all.Count || all[i + 1].Number != all[i].Number + 1)
            {
                yield return (all[first], all[i], i + 1 == all.Count);
                first = i + 1;
            }
        }
    }

    /// <summary>The last instant that is told in the WAL after a backup; its end when none is.</summary>
    /// <remarks>A checkpoint's time is cut to the second, and may be earlier than a commit before it.</remarks>
    private DateTimeOffset Latest(BaseBackup backup, WalSegment last)
    {
        var (latest, hasEnds) = (backup.EndedAt, false);
        for (var segment = last; !hasEnds && segment.Next.Start.CompareTo(backup.StopLsn) > 0; segment = segment with { Number = segment.Number - 1 })
        {
            using var reader = segments.Read(segment, segment.Start);
            while (reader.TryRead(out var record) && record.Start.CompareTo(last.Next.Start) < 0)
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
