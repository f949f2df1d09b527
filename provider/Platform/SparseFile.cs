using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace PgFleet.Platform;

/// <summary>Copies and compares files with holes: a WAL segment that was switched early is mostly zeros.</summary>
internal static class SparseFile
{
    private const int BlockSize = 128 * 1024;

    /// <summary>Copies a file to an empty one, leaving holes where blocks end in zeros.</summary>
    public static void Copy(SafeFileHandle from, SafeFileHandle to)
    {
        var length = RandomAccess.GetLength(from);
        RandomAccess.SetLength(to, length);
        using var rented = MemoryPool<byte>.Shared.Rent(BlockSize);
        for (long offset = 0; offset < length;)
        {
            var block = ReadBlock(from, rented.Memory.Span[..BlockSize], offset);
            RandomAccess.Write(to, block.TrimEnd((byte)0), offset);
            offset += block.Length;
        }
    }

    public static bool SameContent(SafeFileHandle one, SafeFileHandle other)
    {
        var length = RandomAccess.GetLength(one);
        if (RandomAccess.GetLength(other) != length)
        {
            return false;
        }
        using var rented = MemoryPool<byte>.Shared.Rent(2 * BlockSize);
        var left = rented.Memory.Span[..BlockSize];
        var right = rented.Memory.Span[BlockSize..(2 * BlockSize)];
        for (long offset = 0; offset < length; offset += BlockSize)
        {
            if (!ReadBlock(one, left, offset).SequenceEqual(ReadBlock(other, right, offset)))
            {
                return false;
            }
        }
        return true;
    }

    private static ReadOnlySpan<byte> ReadBlock(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var filled = 0;
        while (filled < buffer.Length && RandomAccess.Read(file, buffer[filled..], offset + filled) is > 0 and var read)
        {
            filled += read;
        }
        return buffer[..filled];
    }
}
