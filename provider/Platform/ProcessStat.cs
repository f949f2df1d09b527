using System.Globalization;

namespace PgFleet.Platform;

/// <summary>Parent and start time of a process, as the kernel reports them.</summary>
/// <param name="Parent">The parent's process id.</param>
/// <param name="Start">The start time, in clock ticks since boot.</param>
internal readonly record struct ProcessStat(int Parent, long Start)
{
    public static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(pid => pid > 0);

    /// <summary>Reads a process's entry; null when it has ended.</summary>
    /// <remarks>
    /// proc(5): the program's name stands in parentheses and may contain parentheses itself. State and parent follow the last one; the start is 17 fields
    /// further.
    /// </remarks>
    public static ProcessStat? Read(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new(int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
