using System.Globalization;

namespace PgFleet.Platform;

/// <summary>What the kernel says of a process.</summary>
/// <param name="Start">In clock ticks since the machine started.</param>
internal readonly record struct ProcessStat(int Parent, long Start)
{
    public static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(pid => pid > 0);

    /// <summary>Null when it has gone.</summary>
    /// <remarks>proc(5): the program's name stands in parentheses, and may hold any; state, parent and 17 fields on the start follow the last.</remarks>
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
