using System.Globalization;
using PgFleet.Failures;

namespace PgFleet.Archives.Backup;

/// <summary>The finished base backups of one archive. What does not read among them costs itself, and nothing else.</summary>
/// <param name="systemIdentifier">Of the server whose backups they are; null: whatever server's.</param>
internal sealed class BackupCatalogue(string archiveDirectory, string? systemIdentifier = null)
{
    public const string FileName = "backup.json";
    public const string DataFolder = "data";

    private readonly ArchiveLayout layout = new(archiveDirectory);

    /// <summary>Those that read, the oldest first, by position in the WAL: a clock may have jumped.</summary>
    public IReadOnlyList<BaseBackup> List() => [.. Survey().Select(one => one.Backup).OfType<BaseBackup>().OrderBy(backup => (backup.Timeline, backup.StartLsn))];

    /// <summary>The name of the newest; empty when there is none.</summary>
    public string NewestName() => List() is [.., var newest] ? newest.Name : "";

    /// <summary>What lies among the backups and is none that can be read.</summary>
    public IReadOnlyList<DamagedEntry> ListDamaged() => [.. Survey().Select(one => one.Damaged).OfType<DamagedEntry>().OrderBy(entry => entry.Since)];

    /// <summary>Why the last attempt at a backup came to nothing, or null when it did not.</summary>
    public string? FindFailure() => File.Exists(layout.BackupFailure) ? File.ReadAllText(layout.BackupFailure).TrimEnd() : null;

    /// <summary>The folder that a copy of a data directory lies in.</summary>
    public string DataOf(BaseBackup backup) => Path.Combine(layout.Backup(backup.Name), DataFolder);

    /// <summary>Writes what is known of a backup by now.</summary>
    public void Describe(BaseBackup backup) => ArchiveFile.Write(Path.Combine(layout.Backup(backup.Name), FileName), backup.ToJson());

    // A name that begins with a dot is a backup under construction, or one being removed; "lost+found" is a disk's own.
    private IEnumerable<string> Names() =>
        Directory.Exists(layout.Backups)
            ? new DirectoryInfo(layout.Backups).EnumerateFileSystemInfos().Select(entry => entry.Name).Where(name => name[0] != '.' && name != "lost+found")
            : [];

    private IEnumerable<(BaseBackup? Backup, DamagedEntry? Damaged)> Survey()
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
            else if (Path.Exists(layout.Backup(name))) // it may have been pruned meanwhile
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

    /// <summary>When a backup began, by its name; for what has another name, when it was last changed.</summary>
    private DateTimeOffset Since(string name) =>
        DateTimeOffset.TryParseExact(name, BaseBackup.NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : Directory.GetLastWriteTimeUtc(layout.Backup(name));
}

/// <summary>Something among the backups that is none, or none any more.</summary>
internal sealed record DamagedEntry(string Name, DateTimeOffset Since, string Damage);
