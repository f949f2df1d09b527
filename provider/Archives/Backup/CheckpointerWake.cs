using System.Globalization;
using PgFleet.Platform;

namespace PgFleet.Archives.Backup;

/// <summary>Wakes the checkpointer of the server that calls, once for each of its starts.</summary>
/// <remarks>
/// Since 15 it starts before recovery, and goes to sleep without regard to archive_timeout until the next checkpoint (CheckpointerMain in
/// postmaster/checkpointer.c). Whoever starts a server wakes it, but when one of its processes dies the postmaster starts the others again
/// by itself. An archiver runs only after recovery, so that its first call is the first moment that can be used. SIGUSR1 sets the latch, and nothing else.
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

    /// <summary>The server's process that called this one, through one shell or two; null when somebody else did.</summary>
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
