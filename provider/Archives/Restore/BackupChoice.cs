using System.Globalization;

namespace PgFleet.Archives.Restore;

/// <summary>Which backup a restore begins with: the newest, unless its pages are damaged and an older one, from a time when they were whole, leads as far.</summary>
internal sealed class BackupChoice(ArchiveLayout layout, string systemIdentifier, WalSegments segments)
{
    /// <param name="backups">The newest first.</param>
    public List<BaseBackup> Prefer(List<BaseBackup> backups)
    {
        if (backups is not [{ Check.Damage: not null } newest, ..] || segments.FindFirst(newest) is not { } first)
        {
            return backups;
        }
        var wal = new ArchivedWal(layout, systemIdentifier);
        return backups.Find(backup => backup.IsGood && backup.Timeline == newest.Timeline && wal.FindGap(backup, first) is null) is { } good
            ? [good, .. backups.Where(backup => backup != good)]
            : backups;
    }

    public static IEnumerable<string> Warnings(BaseBackup backup)
    {
        if (backup.Check?.Damage is { } damage)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The base backup of {backup.EndedAt:u} has damaged pages, and no older one leads there: {damage}.");
        }
    }
}
