using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace PgFleet.Platform;

/// <summary>Copies files, sharing blocks where the file system can, and computes their checksums while copying.</summary>
/// <param name="step">The step's name in progress reports.</param>
/// <param name="all">Total number of bytes to copy.</param>
/// <param name="progress">Receives the bytes copied so far.</param>
internal sealed class CheckedCopy(string step, long all, IProgress<ByteProgress> progress)
{
    private const int BlockSize = 256 * 1024;

    private bool canClone = true;
    private long done;

    public (long Size, uint Checksum) Run(SafeFileHandle from, SafeFileHandle to)
    {
        var cloned = canClone && Posix.TryClone(from, to);
        canClone = cloned;
        var origin = cloned ? to : from;
        // The length is read once: what is appended to a file while it is copied comes with WAL replay.
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
            progress.Report(new(step, Interlocked.Add(ref done, block.Length), all));
        }
        return (offset, Crc32C.Finish(checksum));
    }
}
