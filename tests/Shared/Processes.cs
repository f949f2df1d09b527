using System.Globalization;
using System.Runtime.InteropServices;
using PgFleet.Postgres;

namespace PgFleet.Shared;

/// <summary>The processes of this machine. Each is named by its own folder in /proc: looking touches none.</summary>
internal static class Processes
{
    public static IEnumerable<string> All() =>
        Directory.EnumerateDirectories("/proc").Where(process => int.TryParse(Path.GetFileName(process), out _));

    /// <summary>Those whose working directory lies in a folder, as a server's is its data directory.</summary>
    public static IEnumerable<string> WorkingIn(string folder) =>
        All().Where(process => WorksIn(folder, process));

    public static bool WorksIn(string folder, string process) =>
        new FileInfo($"{process}/cwd").LinkTarget?.StartsWith(folder + "/", StringComparison.Ordinal) == true;

    /// <summary>Those that have a file open.</summary>
    public static IEnumerable<string> WithOpen(string file) =>
        All().Where(process => Descriptors(process).Any(path => new FileInfo(path).LinkTarget == file));

    /// <summary>Ends every server in a folder, behind the provider's back, and what works on its backups, and waits until they are gone.</summary>
    public static async Task EndServersAsync(string folder)
    {
        foreach (var process in WorkingIn(folder))
        {
            Send(Signal.Quit, process);
        }
        await Eventually.TrueAsync(() => !WorkingIn(folder).Any(), $"the servers in \"{folder}\" have ended");
        foreach (var process in All().Where(process => WorksOnBackups(process, folder)).ToList())
        {
            Send(Signal.Kill, process);
        }
        await Eventually.TrueAsync(() => !All().Any(process => WorksOnBackups(process, folder)), $"nothing works on the backups in \"{folder}\"");
        RemoveSharedMemory(folder);
    }

    /// <summary>What killed servers have left of theirs: who deletes their data is the last who can find it.</summary>
    public static void RemoveSharedMemory(string folder)
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var left = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "postmaster.pid", everywhere) : [];
        foreach (var file in left)
        {
            SharedMemory.Remove(Path.GetDirectoryName(file)!);
        }
    }

    /// <summary>The servers' helper for backups outlives them: nobody waits for it.</summary>
    private static bool WorksOnBackups(string process, string folder)
    {
        try
        {
            var command = File.ReadAllText($"{process}/cmdline");
            return command.Contains($"{folder}/", StringComparison.Ordinal)
                && (command.Contains("\0check-backups\0", StringComparison.Ordinal) || command.Contains("\0base-backup\0", StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Kills at once what works below a folder: no server, and nothing of one, has time for another step.</summary>
    public static void Kill(string folder)
    {
        foreach (var process in WorkingIn(folder))
        {
            Send(Signal.Kill, process);
        }
    }

    public static void Send(Signal signal, string process) => Send(signal, int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture));

    /// <remarks>One that has ended meanwhile is no failure.</remarks>
    public static void Send(Signal signal, int pid) => _ = Kill(pid, signal);

    private static string[] Descriptors(string process)
    {
        try
        {
            return Directory.GetFiles($"{process}/fd");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException) // it has ended, or is another user's
        {
            return [];
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, Signal signal);
}
