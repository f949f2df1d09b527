using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PgFleet.Failures;

namespace PgFleet.Postgres.Wal;

/// <summary>The long header at the start of a WAL segment's first page.</summary>
/// <remarks>PostgreSQL, access/xlog_internal.h, XLogLongPageHeaderData: the same offsets in 14 to 18, in the machine's byte order.</remarks>
internal readonly record struct WalHeader(ulong SystemIdentifier, Lsn Page, uint SegmentSize)
{
    private const int Length = 40;
    private const int LongHeaderFlag = 2;

    /// <exception cref="ResourceFailure">The file does not start with a WAL segment's header.</exception>
    public static WalHeader Read(SafeFileHandle file, string path) =>
        TryRead(file) ?? throw new ResourceFailure(FailureKind.Refused, $"\"{path}\" does not begin as a WAL segment does.", "See whether the server's disk is damaged.");

    /// <summary>Reads the header; null when the file does not start with one.</summary>
    public static WalHeader? TryRead(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return RandomAccess.Read(file, bytes, 0) < Length || (BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) & LongHeaderFlag) == 0
            ? null
            : new(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
                new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]));
    }

    /// <exception cref="ResourceFailure">The file belongs to another server, or holds another segment.</exception>
    public void Expect(string systemIdentifier, string name, long length)
    {
        if (SystemIdentifier.ToString() != systemIdentifier)
        {
            throw new ResourceFailure(
                FailureKind.Conflict,
                $"The WAL segment \"{name}\" is of the server with system identifier {SystemIdentifier}; this archive holds those of {systemIdentifier}.",
                "Let each server archive into its own directory.");
        }
        if (length != SegmentSize || Page != WalSegment.Parse(name, SegmentSize).Start)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The file given as WAL segment \"{name}\" is {length} bytes from position {Page.ToString()}; its header and name ask for {SegmentSize} bytes from {WalSegment.Parse(name, SegmentSize).Start.ToString()}.",
                "See whether the server's disk is damaged.");
        }
    }
}
