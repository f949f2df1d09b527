using System.Globalization;
using PgFleet.Platform;

namespace PgFleet.Archives;

/// <summary>Where things lie in an archive.</summary>
/// <param name="directory">Absolute path of the archive; it exists.</param>
internal sealed class ArchiveLayout(string directory)
{
    public string Identity => Path.Combine(directory, "identity.json");

    /// <summary>Segments, .history, .backup and .partial files under the names the server gives them.</summary>
    public string Wal => Path.Combine(directory, "wal");

    public string Backups => Path.Combine(directory, "backups");

    /// <summary>Held by the one backup that is being taken.</summary>
    public string BackupLock => Path.Combine(directory, "backup.lock");

    /// <summary>Held shared by whoever reads backups and WAL, alone by whoever prunes them.</summary>
    public string PruneLock => Path.Combine(directory, "prune.lock");

    /// <summary>Why the last backup came to nothing; absent when it succeeded.</summary>
    public string BackupFailure => Path.Combine(directory, "backup.failed");

    /// <summary>Held by the one process that looks into finished backups.</summary>
    public string CheckLock => Path.Combine(directory, "check.lock");

    /// <summary>Made when a backup is due, and removed by the next that succeeds.</summary>
    public string BackupDue => Path.Combine(directory, "backup.due");

    /// <summary>What people should know of the backups; absent when all is well.</summary>
    public string Complaint => Path.Combine(directory, "complaint");

    /// <summary>Of which start of the server the checkpointer was woken.</summary>
    public string Awake => Path.Combine(directory, "awake");

    /// <summary>What was read of the WAL as it came.</summary>
    public string WalNotes => Path.Combine(directory, "wal.json");

    public string Backup(string name) => Path.Combine(Backups, name);

    public string UnfinishedBackup(string name) => Path.Combine(Backups, $".{name}.tmp");

    public string DoomedBackup(string name) => Path.Combine(Backups, $".{name}.del");

    /// <summary>Whether a folder among the backups is one of these; other people's hidden folders are left alone.</summary>
    public static bool IsUnfinishedBackup(string name) => IsBackup(name, ".tmp");

    public static bool IsDoomedBackup(string name) => IsBackup(name, ".del");

    /// <summary>The archive of a server, proven to be its own, with its folders.</summary>
    /// <exception cref="Failures.ResourceFailure">It is another's, or not there.</exception>
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

    /// <summary>Keeps what is archived from being pruned until disposed of; null while it is being pruned.</summary>
    public IDisposable? TryPin() => FileLock.TryShare(PruneLock);
}
