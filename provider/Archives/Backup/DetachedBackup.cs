using PgFleet.Platform;

namespace PgFleet.Archives.Backup;

/// <summary>Starts detached backups and checks, after a segment was archived or a backup taken.</summary>
internal static class DetachedBackup
{
    /// <summary>
    /// Starts a backup. <paramref name="newest"/> is the name of the newest one when this was found to be due: if a newer one exists by then, nothing is done.
    /// </summary>
    public static void Start(string configPath, ArchiveLayout layout, string newest)
    {
        if (!File.Exists(layout.BackupDue))
        {
            ArchiveFile.Write(layout.BackupDue, []);
        }
        DetachedRun.Start(layout.BackupLock, ArchiveCommands.BaseBackup, configPath, ArchiveCommands.Detached, newest);
    }

    public static void StartCheck(string configPath, ArchiveLayout layout) => DetachedRun.Start(layout.CheckLock, ArchiveCommands.CheckBackups, configPath);
}
