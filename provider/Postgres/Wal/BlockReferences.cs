using System.Buffers.Binary;

namespace PgFleet.Postgres.Wal;

/// <summary>Finds the pages that a WAL record restores completely: from a full-page image, or by initialising them.</summary>
/// <remarks>PostgreSQL, access/xlogrecord.h, XLogRecordBlockHeader: identical in 14 to 18, but for the image flags, which changed in 15.</remarks>
internal static class BlockReferences
{
    private const int LastBlock = 32; // XLR_MAX_BLOCK_ID; higher numbers have other meanings

    private const int ForkMask = 0x0F;
    private const int HasImage = 0x10;
    private const int WillInitialize = 0x40;
    private const int SameRelation = 0x80;

    private const int HasHole = 0x01;

    public static List<PageAddress> Of(WalRecord record, int major)
    {
        var pages = new List<PageAddress>();
        var (applied, compressed) = major < 15 ? (0x04, 0x02) : (0x02, 0x1C);
        var rest = record.Bytes[WalRecord.HeaderLength..];
        var behind = 0; // length of the data, which follows all headers
        var (database, relation) = (0u, 0u);
        while (rest.Length > behind)
        {
            switch (rest[0])
            {
                case <= LastBlock:
                    var flags = rest[1];
                    behind += BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
                    rest = rest[4..];
                    var isWhole = (flags & WillInitialize) != 0;
                    if ((flags & HasImage) != 0)
                    {
                        var info = rest[4];
                        behind += BinaryPrimitives.ReadUInt16LittleEndian(rest);
                        isWhole |= (info & applied) != 0;
                        rest = rest[((info & HasHole) != 0 && (info & compressed) != 0 ? 7 : 5)..];
                    }
                    if ((flags & SameRelation) == 0)
                    {
                        database = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
                        relation = BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
                        rest = rest[12..];
                    }
                    if (isWhole)
                    {
                        pages.Add(new(database, relation, flags & ForkMask, BinaryPrimitives.ReadUInt32LittleEndian(rest)));
                    }
                    rest = rest[4..];
                    break;
                case WalRecord.Origin:
                    rest = rest[3..];
                    break;
                case WalRecord.TopLevelTransaction:
                    rest = rest[5..];
                    break;
                default:
                    return pages; // the record's main data comes last
            }
        }
        return pages;
    }
}
