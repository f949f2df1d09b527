using PgFleet.Archives.Backup;

namespace PgFleet.Archives.Restore;

/// <summary>Inspects an archive. Reads little: names, sizes, headers, the notes on its WAL, and the last WAL of each range.</summary>
internal sealed class ArchiveInspection(ArchiveConfig config, ArchiveLayout layout)
{
    private readonly BackupCatalogue catalogue = new(config.ArchiveDirectory, config.SystemIdentifier);
    private readonly WalSegments segments = WalSegments.Of(config, layout);
    private readonly WalNotes? notes = WalNotes.Find(layout);

    public ArchiveReport Report()
    {
        var backups = catalogue.List().Select(backup => (Backup: backup, Damage: FindDamage(backup))).ToList();
        return new(
            [.. backups.Select(one => new BackupReport(one.Backup.Name, one.Backup.EndedAt, one.Backup.Bytes, one.Damage, one.Backup.Check)).Concat(Unreadable()).OrderBy(one => one.EndedAt)],
            [.. backups.Where(one => one.Damage is null).Select(one => one.Backup).GroupBy(backup => backup.Timeline).SelectMany(one => Ended([.. Ranges([.. one])], one.Key))],
            new BackupHealth(config, layout, TimeProvider.System).FindComplaint());
    }

    private IEnumerable<BackupReport> Unreadable() => catalogue.ListDamaged().Select(entry => new BackupReport(entry.Name, entry.Since, 0, entry.Damage, null));

    private string? FindDamage(BaseBackup backup) =>
        segments.FindFirst(backup) is null
            ? $"the WAL segment {backup.StartSegment}, with which a recovery from it begins, is missing or damaged"
            : new StoredBackup(catalogue.DataOf(backup)).FindDamage();

    private List<RangeReport> Ended(List<RangeReport> ranges, uint timeline) =>
        ranges is [.., { Why: null } last] && segments.FindEndOf(timeline) is { } why ? [.. ranges.SkipLast(1), last with { Why = why }] : ranges;

    private IEnumerable<RangeReport> Ranges(IReadOnlyList<BaseBackup> backups)
    {
        if (backups.Count == 0)
        {
            yield break;
        }
        var oldest = segments.FindFirst(backups[0])!.Value;
        var noted = notes is not null && notes.Timeline == oldest.Timeline ? notes : null;
        var breaks = new WalBreaks(segments, noted?.To);
        var runs = WalRun.Of(segments.From(oldest));
        foreach (var run in runs)
        {
            var inside = backups.Where(run.Holds).ToList();
            var gap = run.IsLast && (noted is null || noted.To.CompareTo(run.Last.Next.Start) <= 0) && !segments.IsArchived(run.Last.Next) ? null : breaks.Of(run.Last.Next);
            foreach (var range in new WalRunInspection(segments, run, noted).Ranges(inside, gap))
            {
                yield return range;
            }
        }
    }
}
