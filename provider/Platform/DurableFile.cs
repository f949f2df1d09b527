using System.Text;

namespace PgFleet.Platform;

/// <summary>A file that a reader finds whole, old or new, also after the power went. In folders that nobody else writes; for others there is <see cref="OthersFolder"/>.</summary>
internal static class DurableFile
{
    /// <param name="group">Who may read it beside its owner, if the mode says so; null: the writer's own group.</param>
    public static void Write(string path, string text, UnixFileMode mode, uint? group = null)
    {
        // Of a fixed name: what a kill leaves, a secret perhaps, goes with the next of it.
        var aside = $"{path}.new";
        File.Delete(aside);
        NewFile.Write(aside, Encoding.UTF8.GetBytes(text), mode, group is { } readers ? file => Ownership.GiveGroup(file, readers) : null);
        File.Move(aside, path, overwrite: true);
        Posix.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>False when the file is there already; it is then left as it is. Of several who try at once, one succeeds.</summary>
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
