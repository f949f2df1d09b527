using System.Collections.Immutable;
using System.Globalization;

namespace PgFleet.Platform;

/// <summary>What /proc tells of a process; null or nothing when it is gone, or is another user's.</summary>
internal static class ProcessFiles
{
    private const string Replaced = " (deleted)"; // the program was upgraded under a running process

    public static string? Folder(int pid) => Link($"/proc/{pid}/cwd");

    public static string? Program(int pid) =>
        Link($"/proc/{pid}/exe") is { } path && path.EndsWith(Replaced, StringComparison.Ordinal) ? path[..^Replaced.Length] : Link($"/proc/{pid}/exe");

    /// <summary>Short name, such as "postgres"; readable for every process.</summary>
    public static string Name(int pid) => Text($"/proc/{pid}/comm").Trim();

    public static ImmutableArray<string> Arguments(int pid) => [.. Text($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries)];

    /// <remarks>proc(5): the parent is the second field after the name, which stands in brackets and may hold anything.</remarks>
    public static int? Parent(int pid)
    {
        var status = Text($"/proc/{pid}/stat");
        var fields = status[(status.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 ? int.Parse(fields[1], CultureInfo.InvariantCulture) : null;
    }

    public static IEnumerable<int> Children(int pid) => All().Where(child => Parent(child) == pid);

    /// <summary>Every process that there is.</summary>
    public static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0);

    /// <summary>The inodes of its open sockets.</summary>
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
