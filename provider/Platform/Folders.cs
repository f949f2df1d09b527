using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>Makes folders, and deletes those that belong to the servers' user.</summary>
internal sealed class Folders(ServiceAccount account, TimeProvider time)
{
    /// <summary>Time for a base backup that was being taken to notice that its server is gone.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Time to unlink what a large server has.</summary>
    private static readonly TimeSpan EmptyingLimit = TimeSpan.FromHours(1);

    /// <summary>A folder that is there keeps its mode: somebody may have had a reason.</summary>
    public static void Ensure(string path, UnixFileMode mode)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, mode);
            File.SetUnixFileMode(path, mode); // whatever the umask
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

    /// <summary>The servers' user empties the folder, so that nobody else follows what it put there; the empty folder goes by its owner's hand.</summary>
    public async Task DeleteAsync(string path, CancellationToken cancel)
    {
        if (!Directory.Exists(path))
        {
            return;
        }
        var complaint = "";
        await Deadline.WaitAsync(
            Limit,
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
            return true; // somebody else was emptying the same trash
        }
        catch (IOException)
        {
            return false;
        }
    }
}
