using System.Globalization;
using PgFleet.Failures;

namespace PgFleet.Archives.Backup;

/// <summary>The finished base backups of one archive. A damaged entry is reported and does not affect the others.</summary>
/// <param name="archiveDirectory">The archive's folder.</param>
/// <param name="systemIdentifier">The system identifier of the server whose backups they are; null accepts any.</param>
internal sealed class BackupCatalogue(string archiveDirectory, string? systemIdentifier = null)
{
    public const string FileName = "backup.json";
    public const string DataFolder = "data";

    private readonly ArchiveLayout layout = new(archiveDirectory);

    /// <summary>The readable backups, oldest first. Sorted by WAL position, because the clock may have jumped.</summary>
    public IReadOnlyList<BaseBackup> List() => [.. ReadAll().Select(one => one.Backup).OfType<BaseBackup>().OrderBy(backup => (backup.Timeline, backup.StartLsn))];

    /// <summary>The name of the newest backup; empty when there is none.</summary>
    public string NewestName() => List() is [.., var newest] ? newest.Name : "";

    /// <summary>Entries among the backups that cannot be read as backups.</summary>
    public IReadOnlyList<DamagedEntry> ListDamaged() => [.. ReadAll().Select(one => one.Damaged).OfType<DamagedEntry>().OrderBy(entry => entry.Since)];

    /// <summary>Why the last backup failed; null when it succeeded.</summary>
    public string? FindFailure() => File.Exists(layout.BackupFailure) ? File.ReadAllText(layout.BackupFailure).TrimEnd() : null;

    /// <summary>The folder of a backup's copied data directory.</summary>
    public string DataOf(BaseBackup backup) => Path.Combine(layout.Backup(backup.Name), DataFolder);

    /// <summary>Writes backup.json.</summary>
    public void Describe(BaseBackup backup) => ArchiveFile.Write(Path.Combine(layout.Backup(backup.Name), FileName), backup.ToJson());

    // A dot marks a backup under construction or deletion; lost+found belongs to the file system.
    private IEnumerable<string> Names() =>
        Directory.Exists(layout.Backups)
            ? new DirectoryInfo(layout.Backups).EnumerateFileSystemInfos().Select(entry => entry.Name).Where(name => name[0] != '.' && name != "lost+found")
            : [];

    private IEnumerable<(BaseBackup? Backup, DamagedEntry? Damaged)> ReadAll()
    {
        foreach (var name in Names())
        {
            BaseBackup? backup = null;
            var damage = "";
            try
            {
                backup = Read(name);
            }
            catch (Exception unreadable) when (unreadable is ResourceFailure or IOException or UnauthorizedAccessException)
            {
                damage = unreadable.Message;
            }
            if (backup is not null)
            {
                yield return (backup, null);
            }
            else if (Path.Exists(layout.Backup(name))) // it may have expired meanwhile
            {
                yield return (null, new(name, Since(name), damage));
            }
        }
    }

    private BaseBackup Read(string name)
    {
        var path = Path.Combine(layout.Backup(name), FileName);
        if (!Directory.Exists(layout.Backup(name)) || !File.Exists(path))
        {
            throw new ResourceFailure(FailureKind.Missing, $"\"{layout.Backup(name)}\" is no base backup: it has no {FileName}.", "Move it elsewhere.");
        }
        var backup = ArchiveJson.Read(path, ArchiveJson.Default.BaseBackup) with { Name = name };
        if (backup.FindFault(systemIdentifier) is { } fault)
        {
            throw new ResourceFailure(FailureKind.Refused, $"\"{path}\" describes no base backup of this server: {fault}.", "Move it elsewhere.");
        }
        return backup;
    }

    /// <summary>The start of a backup, from its name; for any other name, the time of its last change.</summary>
    private DateTimeOffset Since(string name) =>
        DateTimeOffset.TryParseExact(name, BaseBackup.NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : Directory.GetLastWriteTimeUtc(layout.Backup(name));
}

/// <summary>An entry among the backups that is not a readable backup.</summary>
internal sealed record DamagedEntry(string Name, DateTimeOffset Since, string Damage);
