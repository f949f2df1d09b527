namespace PgFleet.Engines.Local.Archive;

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

    public string Backup(string name) => Path.Combine(Backups, name);

    public string UnfinishedBackup(string name) => Path.Combine(Backups, $".{name}.tmp");

    public string DoomedBackup(string name) => Path.Combine(Backups, $".{name}.del");

    /// <summary>The archive of a server, proven to be its own, with its folders.</summary>
    /// <exception cref="Failures.ResourceFailure">It is another's, or not there.</exception>
    public static ArchiveLayout Open(ArchiveConfig config)
    {
        var layout = new ArchiveLayout(config.ArchiveDirectory);
        ArchiveIdentity.Read(layout).Expect(config);
        if (!File.Exists(layout.PruneLock))
        {
            Directory.CreateDirectory(layout.Wal);
            Directory.CreateDirectory(layout.Backups);
            File.OpenHandle(layout.PruneLock, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
            Posix.SyncDirectory(config.ArchiveDirectory);
        }
        return layout;
    }

    /// <summary>Keeps what is archived from being pruned until disposed of; null while it is being pruned.</summary>
    public IDisposable? TryPin() => FileLock.TryShare(PruneLock);
}
