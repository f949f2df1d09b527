using PgFleet.Archives.Helper;
using PgFleet.Platform;

namespace PgFleet.Archives.Backup;

/// <summary>Starts what is due, after a segment was archived or a backup taken.</summary>
internal static class DetachedBackup
{
    /// <param name="newest">The newest backup's name when another one was seen to be due: a later one has settled that.</param>
    public static void Start(string configPath, ArchiveLayout layout, string newest)
    {
        if (!File.Exists(layout.BackupDue))
        {
            ArchiveFile.Write(layout.BackupDue, []);
        }
        DetachedRun.Start(layout.BackupLock, ArchiveProgram.BaseBackup, configPath, ArchiveProgram.Detached, newest);
    }

    public static void StartCheck(string configPath, ArchiveLayout layout) => DetachedRun.Start(layout.CheckLock, ArchiveProgram.CheckBackups, configPath);
}
