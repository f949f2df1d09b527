using PgFleet.Failures;

namespace PgFleet.Applications;

/// <summary>An application's directory on disk. Symbolic links in it are not followed.</summary>
internal sealed class SourceDirectory(string root)
{
    private const long Largest = 500L << 20;

    /// <summary>Lists what belongs to the application, ordered by path (ordinal).</summary>
    /// <exception cref="ResourceFailure">The directory is missing, unreadable in part, or too large.</exception>
    public IReadOnlyList<SourceEntry> List()
    {
        if (!Directory.Exists(root))
        {
            throw new ResourceFailure(FailureKind.Missing, $"There is no directory \"{root}\".", $"Write the path of the folder that holds {DbosConfig.FileName}; it counts from where the program runs.");
        }
        try
        {
            var ignore = Path.Combine(root, IgnoreRules.FileName);
            var rules = new IgnoreRules(File.Exists(ignore) ? File.ReadLines(ignore) : []);
            var entries = Within(new(root), "", rules).OrderBy(entry => entry.Path, StringComparer.Ordinal).ToList();
            Limit(entries);
            return entries.Exists(entry => entry is { Path: DbosConfig.FileName, Link: null }) ? entries : throw DbosConfig.Missing(root);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw Unreadable(refused);
        }
    }

    /// <exception cref="ResourceFailure">See <see cref="List"/>.</exception>
    public string Hash()
    {
        var entries = List();
        try
        {
            return SourceEntry.Hash(entries);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw Unreadable(refused);
        }
    }

    private static IEnumerable<SourceEntry> Within(DirectoryInfo folder, string above, IgnoreRules rules)
    {
        foreach (var found in folder.EnumerateFileSystemInfos())
        {
            var (path, link) = (above + found.Name, found.LinkTarget);
            var isFolder = found is DirectoryInfo && link is null;
            if (rules.Ignores(path, isFolder))
            {
                continue;
            }
            if (!isFolder)
            {
                yield return Entry(path, link, found);
                continue;
            }
            foreach (var entry in Within((DirectoryInfo)found, $"{path}/", rules))
            {
                yield return entry;
            }
        }
    }

    private static SourceEntry Entry(string path, string? link, FileSystemInfo found)
    {
        var length = link is null ? ((FileInfo)found).Length : 0;
        // Pipes and sockets have length 0 as well, and opening one would block until another process opens it.
        return new(path, link is null && found.UnixFileMode.HasFlag(UnixFileMode.UserExecute), link, length, () => length == 0 ? Stream.Null : File.OpenRead(found.FullName));
    }

    private void Limit(List<SourceEntry> entries)
    {
        if (entries.Sum(entry => entry.Length) > Largest)
        {
            var largest = entries.MaxBy(entry => entry.Length)!;
            throw new ResourceFailure(
                FailureKind.Refused,
                $"\"{root}\" holds more than {Largest >> 20} MB; the largest file in it is \"{largest.Path}\" with {largest.Length >> 20} MB.",
                $"Name what the application does not need in {IgnoreRules.FileName}.");
        }
    }

    private ResourceFailure Unreadable(Exception refused) => new(
        FailureKind.Denied, $"\"{root}\" cannot be read: {refused.Message}", $"Make it readable, or name it in {IgnoreRules.FileName}.", refused);
}
