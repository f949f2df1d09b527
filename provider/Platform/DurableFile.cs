using System.Text;

namespace PgFleet.Platform;

/// <summary>
/// Writes files atomically and durably: a reader finds the old or the new content whole, also after a power failure. For folders that only this user writes;
/// for others see <see cref="OthersFolder"/>.
/// </summary>
internal static class DurableFile
{
    /// <summary>Writes or replaces a file. <paramref name="group"/> is its group, for modes that let the group read it; null: the writer's own.</summary>
    public static void Write(string path, string text, UnixFileMode mode, uint? group = null)
    {
        // A fixed name: what a killed process leaves, perhaps a secret, is deleted by the next write.
        var aside = $"{path}.new";
        File.Delete(aside);
        NewFile.Write(aside, Encoding.UTF8.GetBytes(text), mode, group is { } readers ? file => Ownership.GiveGroup(file, readers) : null);
        File.Move(aside, path, overwrite: true);
        Posix.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Creates a file; false when it exists, and it is then left as it is. Of several concurrent callers, one succeeds.</summary>
    public static bool TryCreate(string path, string text, UnixFileMode mode)
    {
        var aside = $"{path}.{Guid.NewGuid():N}.new";
        NewFile.Write(aside, Encoding.UTF8.GetBytes(text), mode, give: null);
        var created = Posix.TryLink(aside, path);
        File.Delete(aside);
        Posix.SyncDirectory(Path.GetDirectoryName(path)!);
        return created;
    }
}
