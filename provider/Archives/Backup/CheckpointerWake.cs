using System.Globalization;
using PgFleet.Platform;

namespace PgFleet.Archives.Backup;

/// <summary>Wakes the checkpointer of the calling server, once for each start of the server.</summary>
/// <remarks>
/// Since 15 the checkpointer starts before recovery and then sleeps until the next checkpoint without regard to archive_timeout (CheckpointerMain in
/// postmaster/checkpointer.c). A start by this program wakes it, but after a crash of a backend the postmaster restarts the other processes
/// by itself. An archiver runs only after recovery, so its first call is the earliest opportunity. SIGUSR1 sets the checkpointer's latch and does nothing else.
/// </remarks>
internal static class CheckpointerWake
{
    private const int UserSignal = 10;

    public static void Run(ArchiveLayout layout)
    {
        if (FindArchiver() is not { } archiver || ProcessStat.Read(archiver) is not { } its)
        {
            return;
        }
        var start = string.Create(CultureInfo.InvariantCulture, $"{archiver} {its.Start}");
        if (File.Exists(layout.Awake) && File.ReadAllText(layout.Awake) == start)
        {
            return;
        }
        foreach (var checkpointer in ProcessStat.All().Where(pid => ProcessStat.Read(pid)?.Parent == its.Parent && Title(pid).EndsWith("checkpointer", StringComparison.Ordinal)))
        {
            Posix.Signal(checkpointer, UserSignal);
        }
        File.WriteAllText(layout.Awake, start);
    }

    /// <summary>The server's archiver process that called this one, through one or two shells; null when it was called otherwise.</summary>
    private static int? FindArchiver()
    {
        var pid = ProcessStat.Read(Environment.ProcessId)?.Parent;
        for (var generation = 0; generation < 4 && pid > 1; generation++)
        {
            if (Path.GetFileName(new FileInfo($"/proc/{pid}/exe").LinkTarget) is "postgres" or "postgres (deleted)")
            {
                return Title(pid.Value).Contains("archiver", StringComparison.Ordinal) ? pid : null;
            }
            pid = ProcessStat.Read(pid.Value)?.Parent;
        }
        return null;
    }

    private static string Title(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").TrimEnd('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
