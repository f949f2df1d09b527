using System.Buffers.Binary;

namespace PgFleet.Postgres.Wal;

/// <summary>A page of the WAL.</summary>
/// <remarks>PostgreSQL, access/xlog_internal.h, XLogPageHeaderData: identical in 14 to 18. A page has 8 kB unless the server was built otherwise.</remarks>
internal readonly ref struct WalPage(ReadOnlySpan<byte> bytes)
{
    public const int Size = 8192;

    private const int ShortHeader = 24;
    private const int LongHeader = 40;

    [Flags]
    private enum Flags
    {
        ContinuesRecord = 1,
        LongHeader = 2,
        ReplacesRecord = 8,
    }

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public bool IsEmpty => Bytes.IsEmpty;

    public ulong Address => BinaryPrimitives.ReadUInt64LittleEndian(Bytes[8..]);

    public int HeaderLength => Flag(Flags.LongHeader) ? LongHeader : ShortHeader;

    public bool ContinuesRecord => Flag(Flags.ContinuesRecord);

    /// <summary>True if a crash cut off a record on the page before; its written part must be ignored.</summary>
    public bool ReplacesRecord => Flag(Flags.ReplacesRecord);

    /// <summary>The number of bytes still to come, from this page on, of a record that began earlier.</summary>
    public uint Remaining => BinaryPrimitives.ReadUInt32LittleEndian(Bytes[16..]);

    private bool Flag(Flags flag) => ((Flags)BinaryPrimitives.ReadUInt16LittleEndian(Bytes[2..])).HasFlag(flag);
}
