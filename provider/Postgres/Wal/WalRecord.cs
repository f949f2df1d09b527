using System.Buffers.Binary;

namespace PgFleet.Postgres.Wal;

/// <summary>A WAL record whose checksum has been verified. <see cref="Bytes"/> is the reader's buffer and changes with its next record.</summary>
/// <remarks>PostgreSQL, access/xlogrecord.h: identical in 14 to 18.</remarks>
internal readonly ref struct WalRecord(Lsn start, Lsn end, ReadOnlySpan<byte> bytes)
{
    public const int HeaderLength = 24;
    public const int ChecksumOffset = 20;

    // The first byte after the header says what follows: a block number, or one of these.
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

    /// <summary>The record's kind within its resource manager; the lower four bits are used by the WAL itself.</summary>
    public int Info => Bytes[16] & 0xF0;

    public ResourceManager Manager => (ResourceManager)Bytes[17];

    /// <summary>The record's main data; empty for records with block references, whose data is not needed here.</summary>
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

/// <remarks>PostgreSQL, access/rmgrlist.h: the order is part of the file format.</remarks>
internal enum ResourceManager : byte
{
    Wal = 0,
    Transactions = 1,
    Databases = 4,
    Tablespaces = 5,
}
