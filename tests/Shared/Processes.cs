using System.Globalization;
using System.Runtime.InteropServices;
using PgFleet.Postgres;

namespace PgFleet.Shared;

/// <summary>Finds processes of this machine by their folders in /proc.</summary>
internal static class Processes
{
    public static IEnumerable<string> All() =>
        Directory.EnumerateDirectories("/proc").Where(process => int.TryParse(Path.GetFileName(process), out _));

    /// <summary>The processes whose working directory is below a folder, as a server's is its data directory.</summary>
    public static IEnumerable<string> WorkingIn(string folder) =>
        All().Where(process => WorksIn(folder, process));

    public static bool WorksIn(string folder, string process) =>
        new FileInfo($"{process}/cwd").LinkTarget?.StartsWith(folder + "/", StringComparison.Ordinal) == true;

    /// <summary>The processes that have a file open.</summary>
    public static IEnumerable<string> WithOpen(string file) =>
        All().Where(process => Descriptors(process).Any(path => new FileInfo(path).LinkTarget == file));

    /// <summary>Ends every server below a folder, and its backup processes, and waits until they are gone.</summary>
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

    /// <summary>Removes the shared memory of killed servers. Their data leads to it, so this must run before the data is deleted.</summary>
    public static void RemoveSharedMemory(string folder)
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var left = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "postmaster.pid", everywhere) : [];
        foreach (var file in left)
        {
            SharedMemory.Remove(Path.GetDirectoryName(file)!);
        }
    }

    /// <summary>The servers' backup processes outlive them.</summary>
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

    /// <summary>Kills all processes below a folder immediately.</summary>
    public static void Kill(string folder)
    {
        foreach (var process in WorkingIn(folder))
        {
            Send(Signal.Kill, process);
        }
    }

    public static void Send(Signal signal, string process) => Send(signal, int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture));

    /// <remarks>A process that has ended is no failure.</remarks>
    public static void Send(Signal signal, int pid) => _ = Kill(pid, signal);

    private static string[] Descriptors(string process)
    {
        try
        {
            return Directory.GetFiles($"{process}/fd");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException) // it has ended, or belongs to another user
        {
            return [];
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, Signal signal);
}
