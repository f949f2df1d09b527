using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace PgFleet.Engines.Local.Archive;

/// <summary>A file of a backup.</summary>
/// <param name="Path">Relative to the copied data directory.</param>
internal readonly record struct BackupFile(string Path, long Size, DateTime ModifiedUtc, uint Checksum);

/// <summary>Copies a running server's data directory, blocks shared where the file system can.</summary>
/// <param name="progress">Told of bytes done, and bytes in all.</param>
internal sealed class BackupCopy(string source, string target, IProgress<BackupProgress> progress)
{
    private const int BlockSize = 256 * 1024;

    private readonly ConcurrentBag<BackupFile> files = [];
    private bool canClone = true;
    private long done;
    private long all;

    public async Task<IReadOnlyCollection<BackupFile>> RunAsync(CancellationToken cancel)
    {
        var listed = DataDirectory.List(source);
        all = listed.Files.Sum(file => file.Size);
        Directory.CreateDirectory(target);
        foreach (var folder in listed.Folders)
        {
            Directory.CreateDirectory(Path.Combine(target, folder));
        }
        await Parallel.ForEachAsync(listed.Files, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel }, (file, _) =>
        {
            Copy(file);
            return ValueTask.CompletedTask;
        });
        files.Add(await ControlFile.CopyAsync(source, target, cancel));
        return files;
    }

    private void Copy(DataFile file)
    {
        if (TryOpen(Path.Combine(source, file.Path)) is not { } from)
        {
            return;
        }
        using (from)
        using (var to = File.OpenHandle(Path.Combine(target, file.Path), FileMode.CreateNew, FileAccess.ReadWrite))
        {
            var (size, checksum) = CopyContent(from, to);
            files.Add(new(file.Path, size, File.GetLastWriteTimeUtc(from), checksum));
        }
    }

    private (long Size, uint Checksum) CopyContent(SafeFileHandle from, SafeFileHandle to)
    {
        var cloned = canClone && Posix.TryClone(from, to);
        canClone = cloned;
        var origin = cloned ? to : from;
        // What is appended to a file while it is read comes with replay.
        var end = RandomAccess.GetLength(origin);
        using var rented = MemoryPool<byte>.Shared.Rent(BlockSize);
        var checksum = Crc32C.Start;
        long offset = 0;
        while (offset < end)
        {
            var block = rented.Memory.Span[..(int)Math.Min(BlockSize, end - offset)];
            block = block[..RandomAccess.Read(origin, block, offset)];
            if (block.IsEmpty)
            {
                break;
            }
            if (!cloned)
            {
                RandomAccess.Write(to, block, offset);
            }
            checksum = Crc32C.Append(checksum, block);
            offset += block.Length;
            progress.Report(new(Interlocked.Add(ref done, block.Length), all));
        }
        return (offset, Crc32C.Finish(checksum));
    }

    /// <summary>The file, or null when it was dropped since it was listed; replay drops it again.</summary>
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
