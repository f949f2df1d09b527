using System.Collections.Concurrent;
using System.Collections.Immutable;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Processes;

/// <summary>
/// A server's postmaster, found only through the kernel: a file in the data directory can be stale, and its pid may by now belong to another
/// server of the same user.
/// </summary>
/// <remarks>PostgreSQL changes to its data directory and stays there, and so do its child processes; the postmaster is their parent.</remarks>
internal sealed record Postmaster(int Pid, ImmutableArray<string> Arguments)
{
    /// <summary>The last known pid for each directory; only a hint where to look first.</summary>
    private static readonly ConcurrentDictionary<string, int> Known = new(StringComparer.Ordinal);

    /// <summary>Finds the server that runs on a directory, whose path contains no link; null when there is none.</summary>
    public static Postmaster? Find(string dataDirectory)
    {
        if (Known.TryGetValue(dataDirectory, out var known) && IsFirst(known, dataDirectory))
        {
            return new(known, ProcessFiles.Arguments(known));
        }
        var processes = ProcessFiles.All().Where(pid => RunsOn(pid, dataDirectory)).ToHashSet();
        var first = processes.FirstOrDefault(pid => ProcessFiles.Parent(pid) is { } parent && !processes.Contains(parent));
        Known[dataDirectory] = first;
        return first == 0 ? null : new(first, ProcessFiles.Arguments(first));
    }

    private static bool IsFirst(int pid, string dataDirectory) =>
        pid != 0 && RunsOn(pid, dataDirectory) && ProcessFiles.Parent(pid) is { } parent && !RunsOn(parent, dataDirectory);

    public static bool RunsOn(int pid, string dataDirectory) =>
        ProcessFiles.Folder(pid) is { } folder && (folder == dataDirectory || folder == $"{dataDirectory} (deleted)")
        && ProcessFiles.Program(pid) is { } program && Path.GetFileName(program) == "postgres" && IsOfOwner(pid, dataDirectory);

    /// <remarks>A user in a mount namespace of his own can have a folder of any path, so the process must belong to the owner of the data.</remarks>
    private static bool IsOfOwner(int pid, string dataDirectory)
    {
        try
        {
            return !Directory.Exists(dataDirectory) || Ownership.OwnerOf($"/proc/{pid}") == Ownership.OwnerOf(dataDirectory);
        }
        catch (IOException) // the process or the directory is gone
        {
            return false;
        }
    }

    /// <summary>A setting from the command line.</summary>
    public string? Setting(string name)
    {
        var prefix = $"{name}=";
        return Arguments.LastOrDefault(argument => argument.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
    }
}
