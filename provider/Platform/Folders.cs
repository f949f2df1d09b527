using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>Creates folders, and deletes those that belong to the servers' user.</summary>
internal sealed class Folders(ServiceAccount account, TimeProvider time)
{
    /// <summary>Time limit for emptying a folder: a base backup still running needs a moment to notice that its server is gone.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Time limit for unlinking the files of a large server.</summary>
    private static readonly TimeSpan EmptyingLimit = TimeSpan.FromHours(1);

    /// <summary>Creates a folder with the given mode. An existing folder keeps its mode: it may have been changed on purpose.</summary>
    public static void Ensure(string path, UnixFileMode mode)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, mode);
            File.SetUnixFileMode(path, mode); // CreateDirectory's mode is subject to the umask
            Posix.SyncDirectory(Path.GetDirectoryName(path)!);
        }
    }

    /// <inheritdoc cref="DeleteAsync(string, CancellationToken)"/>
    public async Task DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancel)
    {
        foreach (var path in paths)
        {
            await DeleteAsync(path, cancel);
        }
    }

    /// <summary>
    /// Deletes a folder. The servers' user empties it, so that no privileged process follows links placed in it; this process then removes the empty folder.
    /// </summary>
    public async Task DeleteAsync(string path, CancellationToken cancel)
    {
        if (!Directory.Exists(path))
        {
            return;
        }
        var complaint = "";
        await Poll.UntilAsync(
            Limit,
            Poll.Interval,
            time,
            async token =>
            {
                complaint = (await account.TryAsync(EmptyingLimit, token, "find", path, "-xdev", "-mindepth", "1", "-delete")).StandardError.Trim();
                return TryRemove(path);
            },
            () => new(FailureKind.Unavailable, $"\"{path}\" cannot be emptied: {complaint}.", "See what is in it, then run this again."),
            cancel);
    }

    private static bool TryRemove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: false);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true; // another process emptied the same trash
        }
        catch (IOException)
        {
            return false;
        }
    }
}
