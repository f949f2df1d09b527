using System.Buffers;
using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Postgres.Backup;

namespace PgFleet.Archives.Backup;

/// <summary>Rereads a backup and compares it with what was written.</summary>
internal static class BackupVerification
{
    private const int BlockSize = 256 * 1024;

    /// <exception cref="ResourceFailure">A file has other content.</exception>
    public static Task RunAsync(string data, IEnumerable<BackupFile> files, CancellationToken cancel) =>
        Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel }, (file, _) =>
        {
            Verify(Path.Combine(data, file.Path), file);
            return ValueTask.CompletedTask;
        });

    private static void Verify(string path, BackupFile file)
    {
        if (Read(path) != (file.Size, file.Checksum))
        {
            throw new ResourceFailure(FailureKind.Unavailable, $"\"{path}\" reads differently from what was written.", "See whether the disk is damaged.");
        }
    }

    private static (long Size, uint Checksum) Read(string path)
    {
        using var file = File.OpenHandle(path);
        using var rented = MemoryPool<byte>.Shared.Rent(BlockSize);
        var checksum = Crc32C.Start;
        long offset = 0;
        while (RandomAccess.Read(file, rented.Memory.Span, offset) is > 0 and var read)
        {
            checksum = Crc32C.Append(checksum, rented.Memory.Span[..read]);
            offset += read;
        }
        return (offset, Crc32C.Finish(checksum));
    }
}
