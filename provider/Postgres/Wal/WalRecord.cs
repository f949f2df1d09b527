using System.Buffers.Binary;

namespace PgFleet.Postgres.Wal;

/// <summary>One record of the WAL, its checksum proven. <see cref="Bytes"/> are the reader's and change with its next record.</summary>
/// <remarks>PostgreSQL, access/xlogrecord.h: the same from 14 to 18.</remarks>
internal readonly ref struct WalRecord(Lsn start, Lsn end, ReadOnlySpan<byte> bytes)
{
    public const int HeaderLength = 24;
    public const int ChecksumOffset = 20;

    // What follows the header tells by its first byte what it is: the number of a block, or one of these.
    public const byte DataShort = 255;
    public const byte DataLong = 254;
    public const byte Origin = 253;
    public const byte TopLevelTransaction = 252;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public Lsn Start => start;

    /// <summary>Where the next record begins.</summary>
    public Lsn End => end;

    public uint Transaction => BinaryPrimitives.ReadUInt32LittleEndian(Bytes[4..]);

    public ulong Previous => BinaryPrimitives.ReadUInt64LittleEndian(Bytes[8..]);

    /// <summary>What kind of record it is to its manager; the lower four bits are the WAL's own.</summary>
    public int Info => Bytes[16] & 0xF0;

    public ResourceManager Manager => (ResourceManager)Bytes[17];

    /// <summary>What the record says beside the pages it changes; empty for one that changes pages, which nobody here asks about.</summary>
    public ReadOnlySpan<byte> Data
    {
        get
        {
            var rest = Bytes[HeaderLength..];
            while (!rest.IsEmpty)
            {
                switch (rest[0])
                {
                    case Origin:
                        rest = rest[3..];
                        break;
                    case TopLevelTransaction:
                        rest = rest[5..];
                        break;
                    case DataShort:
                        return rest[2..];
                    case DataLong:
                        return rest[5..];
                    default:
                        return [];
                }
            }
            return [];
        }
    }
}

/// <remarks>PostgreSQL, access/rmgrlist.h: the order is part of the format.</remarks>
internal enum ResourceManager : byte
{
    Wal = 0,
    Transactions = 1,
    Databases = 4,
    Tablespaces = 5,
}
