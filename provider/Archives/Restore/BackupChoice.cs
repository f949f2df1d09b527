using System.Globalization;

namespace PgFleet.Archives.Restore;

/// <summary>
/// Chooses the backup that a restore starts with: the newest, unless it has damaged pages and an older one, with intact pages and all following WAL, can
/// replace it.
/// </summary>
internal sealed class BackupChoice(ArchiveLayout layout, string systemIdentifier, WalSegments segments)
{
    /// <summary>Moves the preferred backup to the front of <paramref name="backups"/>, which are ordered from the newest.</summary>
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
