using System.Text;
using PgFleet.Platform;

namespace PgFleet.Archives;

/// <summary>Atomically replaced files of an archive: a reader finds the old or the new content, even if the writer is killed.</summary>
internal static class ArchiveFile
{
    public static void Write(string path, byte[] content)
    {
        var folder = Path.GetDirectoryName(path)!;
        var aside = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = File.OpenHandle(aside, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, content, 0);
                RandomAccess.FlushToDisk(file);
            }
            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
        Posix.SyncDirectory(folder);
    }

    /// <summary>Writes a text for people; null deletes the file.</summary>
    public static void WriteText(string path, string? text)
    {
        if (text is null)
        {
            File.Delete(path);
        }
        else
        {
            Write(path, Encoding.UTF8.GetBytes($"{text}\n"));
        }
    }
}
