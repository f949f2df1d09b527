using System.Collections.Concurrent;
using System.Collections.Immutable;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Processes;

/// <summary>
/// A server's first process, found by what the kernel knows and nothing else: a file in the data directory can be stale, and its pid
/// can by now be that of another server of the same user.
/// </summary>
/// <remarks>PostgreSQL changes into its data directory and stays there; so do all its processes, the first of which is the parent.</remarks>
internal sealed record Postmaster(int Pid, ImmutableArray<string> Arguments)
{
    /// <summary>Where each was found last: the first place to look, and nothing more.</summary>
    private static readonly ConcurrentDictionary<string, int> Known = new(StringComparer.Ordinal);

    /// <summary>Null when no server runs on that directory.</summary>
    /// <param name="dataDirectory">Without any link in it.</param>
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

    /// <remarks>In a namespace of his own anybody can work in a folder of any path; and whoever may not enter the data owns no server on them.</remarks>
    private static bool IsOfOwner(int pid, string dataDirectory)
    {
        try
        {
            return !Directory.Exists(dataDirectory) || Ownership.OwnerOf($"/proc/{pid}") == Ownership.OwnerOf(dataDirectory);
        }
        catch (IOException) // one of them is gone
        {
            return false;
        }
    }

    /// <summary>A setting that was given on the command line.</summary>
    public string? Setting(string name)
    {
        var prefix = $"{name}=";
        return Arguments.LastOrDefault(argument => argument.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
    }
}
