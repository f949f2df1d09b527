using System.Diagnostics;

namespace PgFleet.Platform;

/// <summary>Starts a subcommand of this program that outlives the calling process.</summary>
internal static class DetachedRun
{
    /// <param name="lockPath">The lock that a running instance of the subcommand holds; if it is held, nothing is started.</param>
    /// <param name="arguments">
    /// The subcommand and its arguments. Paths must be absolute: it runs in the root directory, so that it keeps no folder of the server busy.
    /// </param>
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
        // .NET duplicates the standard streams before any code of this program runs, so a shell has to close the archiver's.
        using var run = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" </dev/null >/dev/null 2>&1", Environment.ProcessPath!, .. arguments])
        {
            WorkingDirectory = "/",
        });
    }
}
