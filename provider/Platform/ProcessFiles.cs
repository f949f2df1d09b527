using System.Collections.Immutable;
using System.Globalization;

namespace PgFleet.Platform;

/// <summary>Reads /proc for one process; null or empty when it has ended or belongs to another user.</summary>
internal static class ProcessFiles
{
    private const string Replaced = " (deleted)"; // the program file was replaced by an upgrade while the process ran

    public static string? Folder(int pid) => Link($"/proc/{pid}/cwd");

    public static string? Program(int pid) =>
        Link($"/proc/{pid}/exe") is { } path && path.EndsWith(Replaced, StringComparison.Ordinal) ? path[..^Replaced.Length] : Link($"/proc/{pid}/exe");

    /// <summary>The short name, such as "postgres"; readable for every process.</summary>
    public static string Name(int pid) => Text($"/proc/{pid}/comm").Trim();

    public static ImmutableArray<string> Arguments(int pid) => [.. Text($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries)];

    /// <remarks>proc(5): the parent is the second field after the name, which stands in parentheses and may contain any character.</remarks>
    public static int? Parent(int pid)
    {
        var status = Text($"/proc/{pid}/stat");
        var fields = status[(status.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 ? int.Parse(fields[1], CultureInfo.InvariantCulture) : null;
    }

    public static IEnumerable<int> Children(int pid) => All().Where(child => Parent(child) == pid);

    /// <summary>The ids of all processes.</summary>
    public static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0);

    /// <summary>The inodes of the process's open sockets.</summary>
    public static IEnumerable<string> Sockets(int pid)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select(Link).OfType<string>().Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1])];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
