using System.Numerics;
using System.Runtime.InteropServices;

namespace PgFleet.Platform;

/// <summary>CRC-32C (Castagnoli), which PostgreSQL uses for pg_control and for backup manifests.</summary>
internal static class Crc32C
{
    public const uint Start = uint.MaxValue;

    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            checksum = BitOperations.Crc32C(checksum, word);
        }
        foreach (var single in bytes[(words.Length * sizeof(ulong))..])
        {
            checksum = BitOperations.Crc32C(checksum, single);
        }
        return checksum;
    }

    public static uint Finish(uint checksum) => ~checksum;

    public static uint Of(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));
}
