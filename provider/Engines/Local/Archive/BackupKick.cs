namespace PgFleet.Engines.Local.Archive;

/// <summary>Starts what is due, after a segment was archived or a backup taken.</summary>
internal static class BackupKick
{
    public static void Start(string configPath, ArchiveLayout layout)
    {
        if (!File.Exists(layout.BackupDue))
        {
            ArchiveFile.Write(layout.BackupDue, []);
        }
        DetachedRun.Start(layout.BackupLock, ArchiveProgram.BaseBackup, configPath, ArchiveProgram.Detached);
    }

    public static void StartCheck(string configPath, ArchiveLayout layout) => DetachedRun.Start(layout.CheckLock, ArchiveProgram.CheckBackups, configPath);
}
