using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using PgFleet.Platform;
using PgFleet.Postgres.Backup;

namespace PgFleet.Archives.Backup;

/// <summary>Copies a running server's data directory, sharing blocks where the file system can.</summary>
/// <param name="source">The server's data directory.</param>
/// <param name="target">The folder to create.</param>
/// <param name="progress">Receives the bytes copied so far and in total.</param>
internal sealed class BackupCopy(string source, string target, IProgress<ByteProgress> progress)
{
    private readonly ConcurrentBag<BackupFile> files = [];

    public async Task<IReadOnlyCollection<BackupFile>> RunAsync(CancellationToken cancel)
    {
        var listed = DataDirectory.List(source);
        var copy = new CheckedCopy("copying the data directory", listed.Files.Sum(file => file.Size), progress);
        Directory.CreateDirectory(target);
        foreach (var folder in listed.Folders)
        {
            Directory.CreateDirectory(Path.Combine(target, folder));
        }
        await Parallel.ForEachAsync(listed.Files, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel }, (file, _) =>
        {
            Copy(file, copy);
            return ValueTask.CompletedTask;
        });
        files.Add(await ControlFile.CopyAsync(source, target, cancel));
        return files;
    }

    private void Copy(DataFile file, CheckedCopy copy)
    {
        if (TryOpen(Path.Combine(source, file.Path)) is not { } from)
        {
            return;
        }
        using (from)
        using (var to = File.OpenHandle(Path.Combine(target, file.Path), FileMode.CreateNew, FileAccess.ReadWrite))
        {
            var (size, checksum) = copy.Run(from, to);
            files.Add(new(file.Path, size, File.GetLastWriteTimeUtc(from), checksum));
        }
    }

    /// <summary>Opens a file; null when it was dropped after it was listed: replay repeats the drop.</summary>
    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
