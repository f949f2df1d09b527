using System.Diagnostics;

namespace PgFleet.Platform;

/// <summary>Starts a part of this program that outlives the call which saw that it is due.</summary>
internal static class DetachedRun
{
    /// <param name="lockPath">Held by the one that is at it; then there is nothing to do.</param>
    /// <param name="arguments">With absolute paths: it runs in the root directory, so that it keeps no folder of the server busy.</param>
    public static void Start(string lockPath, params string[] arguments)
    {
        using (var free = FileLock.TryTake(lockPath))
        {
            if (free is null)
            {
                return;
            }
        }
        Posix.CloseInheritedOnExec();
        // The runtime duplicates its streams before it runs any of this program, so a shell has to take the archiver's away.
        using var run = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" </dev/null >/dev/null 2>&1", Environment.ProcessPath!, .. arguments])
        {
            WorkingDirectory = "/",
        });
    }
}
