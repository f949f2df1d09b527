using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace PgFleet.Platform;

/// <summary>Copies files, blocks shared where the file system can, and takes their checksums on the way.</summary>
/// <param name="step">What the copy is called where its progress is told.</param>
/// <param name="all">Bytes that there are to copy.</param>
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
            progress.Report(new(step, Interlocked.Add(ref done, block.Length), all));
        }
        return (offset, Crc32C.Finish(checksum));
    }
}
