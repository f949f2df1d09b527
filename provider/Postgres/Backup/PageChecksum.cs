using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PgFleet.Postgres.Backup;

/// <summary>Verifies the checksum of a data page.</summary>
/// <remarks>PostgreSQL, storage/checksum_impl.h: 32 parallel sums, a variant of FNV-1a, identical in 14 to 18.</remarks>
internal static class PageChecksum
{
    public const int PageSize = 8192;

    private const int Offset = 8; // of pd_checksum in the page header
    private const uint Prime = 16777619;
    private const int Rounds = 2; // of zeros, at the end, so that the last bytes are mixed in too

    private static readonly uint[] Bases =
    [
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756,
    ];

    /// <summary>True if the page is intact, or has never been written to.</summary>
    /// <param name="page">The page; its checksum field is changed during the call.</param>
    /// <param name="block">The block number in the relation, counted over all its files.</param>
    public static bool Holds(Span<byte> page, uint block)
    {
        var said = BinaryPrimitives.ReadUInt16LittleEndian(page[Offset..]);
        BinaryPrimitives.WriteUInt16LittleEndian(page[Offset..], 0);
        var holds = ((Sum(page) ^ block) % 65535) + 1 == said;
        BinaryPrimitives.WriteUInt16LittleEndian(page[Offset..], said);
        return holds || !page.ContainsAnyExcept((byte)0);
    }

    private static uint Sum(ReadOnlySpan<byte> page)
    {
        var words = MemoryMarshal.Cast<byte, uint>(page);
        var (a, b, c, d) = (Vector256.Create(Bases, 0), Vector256.Create(Bases, 8), Vector256.Create(Bases, 16), Vector256.Create(Bases, 24));
        for (var i = 0; i < words.Length; i += Bases.Length)
        {
            a = Mix(a, Vector256.Create(words[i..]));
            b = Mix(b, Vector256.Create(words[(i + 8)..]));
            c = Mix(c, Vector256.Create(words[(i + 16)..]));
            d = Mix(d, Vector256.Create(words[(i + 24)..]));
        }
        for (var i = 0; i < Rounds; i++)
        {
            (a, b, c, d) = (Mix(a, default), Mix(b, default), Mix(c, default), Mix(d, default));
        }
        var all = a ^ b ^ c ^ d;
        var sum = 0u;
        for (var i = 0; i < Vector256<uint>.Count; i++)
        {
            sum ^= all[i];
        }
        return sum;
    }

    private static Vector256<uint> Mix(Vector256<uint> sum, Vector256<uint> value)
    {
        var mixed = sum ^ value;
        return (mixed * Prime) ^ (mixed >>> 17);
    }
}
