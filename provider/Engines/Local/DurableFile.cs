using System.Text;
using PgFleet.Engines.Local.Archive;

namespace PgFleet.Engines.Local;

/// <summary>A file that a reader finds whole, old or new, also after the power went.</summary>
internal static class DurableFile
{
    /// <param name="group">Who may read it beside its owner, if the mode says so; null: the writer's own group.</param>
    public static void Write(string path, string text, UnixFileMode mode, uint? group = null)
    {
        var aside = $"{path}.new";
        WriteAside(aside, text, mode, group);
        File.Move(aside, path, overwrite: true);
        Posix.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>False when the file is there already; it is then left as it is. Of several who try at once, one succeeds.</summary>
    public static bool TryCreate(string path, string text, UnixFileMode mode)
    {
        var aside = $"{path}.{Guid.NewGuid():N}.new";
        WriteAside(aside, text, mode, group: null);
        var created = Posix.TryLink(aside, path);
        File.Delete(aside);
        Posix.SyncDirectory(Path.GetDirectoryName(path)!);
        return created;
    }

    private static void WriteAside(string path, string text, UnixFileMode mode, uint? group)
    {
        File.Delete(path);
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        if (group is { } readers)
        {
            Ownership.GiveGroup(path, readers);
        }
        File.SetUnixFileMode(file.SafeFileHandle, mode);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }
}
