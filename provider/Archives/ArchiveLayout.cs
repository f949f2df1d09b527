using System.Globalization;
using PgFleet.Platform;

namespace PgFleet.Archives;

/// <summary>The paths inside an archive.</summary>
/// <param name="directory">Absolute path of the archive, which exists.</param>
internal sealed class ArchiveLayout(string directory)
{
    public string Identity => Path.Combine(directory, "identity.json");

    /// <summary>Segments and .history, .backup and .partial files under the names that the server gives them.</summary>
    public string Wal => Path.Combine(directory, "wal");

    public string Backups => Path.Combine(directory, "backups");

    /// <summary>Lock held while a base backup is taken.</summary>
    public string BackupLock => Path.Combine(directory, "backup.lock");

    /// <summary>Lock held shared by readers of backups and WAL, exclusively while expired ones are deleted.</summary>
    public string PruneLock => Path.Combine(directory, "prune.lock");

    /// <summary>Why the last backup failed; absent when it succeeded.</summary>
    public string BackupFailure => Path.Combine(directory, "backup.failed");

    /// <summary>Lock held by the process that checks finished backups.</summary>
    public string CheckLock => Path.Combine(directory, "check.lock");

    /// <summary>Created when a backup is due; deleted by the next backup that succeeds.</summary>
    public string BackupDue => Path.Combine(directory, "backup.due");

    /// <summary>A warning about the backups, for people; absent when there is none.</summary>
    public string Complaint => Path.Combine(directory, "complaint");

    /// <summary>The server start for which the checkpointer was woken last.</summary>
    public string Awake => Path.Combine(directory, "awake");

    /// <summary>What was noted about the WAL when it was archived.</summary>
    public string WalNotes => Path.Combine(directory, "wal.json");

    public string Backup(string name) => Path.Combine(Backups, name);

    public string UnfinishedBackup(string name) => Path.Combine(Backups, $".{name}.tmp");

    public string ExpiredBackup(string name) => Path.Combine(Backups, $".{name}.del");

    /// <summary>True for a folder that this program created among the backups; other hidden folders are left alone.</summary>
    public static bool IsUnfinishedBackup(string name) => IsBackup(name, ".tmp");

    public static bool IsExpiredBackup(string name) => IsBackup(name, ".del");

    /// <summary>Opens a server's archive, verifies that it is the server's own, and creates its folders.</summary>
    /// <exception cref="Failures.ResourceFailure">It is another server's, or missing.</exception>
    public static ArchiveLayout Open(ArchiveConfig config)
    {
        var layout = new ArchiveLayout(config.ArchiveDirectory);
        ArchiveIdentity.Read(layout, config).Expect(config);
        if (!File.Exists(layout.PruneLock))
        {
            Directory.CreateDirectory(layout.Wal);
            Directory.CreateDirectory(layout.Backups);
            File.OpenHandle(layout.PruneLock, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
            Posix.SyncDirectory(config.ArchiveDirectory);
        }
        return layout;
    }

    private static bool IsBackup(string name, string suffix) =>
        name.Length > suffix.Length && name[0] == '.' && name.EndsWith(suffix, StringComparison.Ordinal)
        && DateTimeOffset.TryParseExact(name[1..^suffix.Length], BaseBackup.NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    /// <summary>Protects the archive's files from expiry until disposed of; null while expired files are being deleted.</summary>
    public IDisposable? TryPin() => FileLock.TryShare(PruneLock);
}
