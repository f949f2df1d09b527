using System.Diagnostics;

namespace PgFleet.Engines.Local.Archive;

/// <summary>Starts a base backup that outlives the archiver's call which saw that one is due.</summary>
internal static class BackupKick
{
    /// <param name="configPath">Absolute path: the backup runs in the root directory, so that it keeps no folder of the server busy.</param>
    public static void Start(string configPath, ArchiveLayout layout)
    {
        using (var free = FileLock.TryTake(layout.BackupLock))
        {
            if (free is null)
            {
                return;
            }
        }
        Posix.CloseInheritedOnExec();
        // The runtime duplicates its streams before it runs any of this program, so a shell has to take the archiver's away.
        using var backup = Process.Start(new ProcessStartInfo(
            "/bin/sh",
            ["-c", "exec \"$0\" \"$@\" </dev/null >/dev/null 2>&1", Environment.ProcessPath!, ArchiveProgram.BaseBackup, configPath, ArchiveProgram.Detached])
        {
            WorkingDirectory = "/",
        });
    }
}
