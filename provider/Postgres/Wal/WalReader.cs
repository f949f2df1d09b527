using System.Buffers.Binary;
using PgFleet.Platform;

namespace PgFleet.Postgres.Wal;

/// <summary>Reads records in order, as the server's own replay does, up to the first incomplete one.</summary>
internal sealed class WalReader : IDisposable
{
    private const int Alignment = 8;
    private const int SwitchInfo = 0x40; // XLOG_SWITCH: the rest of the segment is empty
    private const uint LongestRecord = 1 << 30; // XLogRecordMaxSize, rounded up

    private readonly WalPages pages;
    private byte[] buffer = new byte[1 << 16];
    private ulong position;
    private ulong? previous;

    /// <param name="pages">The pages to read; disposed of with the reader.</param>
    /// <param name="start">The position of a record, or of a page: then reading starts at the first record that begins on that page.</param>
    public WalReader(WalPages pages, Lsn start)
    {
        this.pages = pages;
        position = (ulong)start;
        if (position % WalPage.Size == 0)
        {
            SkipContinuation();
        }
    }

    /// <summary>Where the next record would begin.</summary>
    public Lsn Position => new(position);

    /// <summary>Where the record read last begins.</summary>
    public Lsn? Last => previous is { } start ? new(start) : null;

    /// <summary>The position that ended the reading: the first byte of a missing page or of an incomplete record.</summary>
    public Lsn Broken { get; private set; }

    /// <returns>False at the end of the available WAL.</returns>
    public bool TryRead(out WalRecord record)
    {
        while (true)
        {
            var start = Begin(position);
            Broken = new(start);
            var length = Assemble(start, out var end, out var isReplaced);
            if (isReplaced)
            {
                position = end;
                continue;
            }
            record = length == 0 ? default : new(new(start), new(end), buffer.AsSpan(0, length));
            if (length == 0 || !IsWhole(record.Bytes) || (previous is { } before && record.Previous != before))
            {
                return false;
            }
            (position, previous) = (record is { Manager: ResourceManager.Wal, Info: SwitchInfo } ? NextSegment(end) : end, start);
            return true;
        }
    }

    public void Dispose() => pages.Dispose();

    /// <summary>Copies a record into the buffer from the pages that it spans.</summary>
    /// <returns>Its length; 0 when there is none.</returns>
    private int Assemble(ulong start, out ulong end, out bool isReplaced)
    {
        (end, isReplaced) = (start, false);
        var page = PageOf(start);
        var offset = (int)(start % WalPage.Size);
        if (page.IsEmpty || (offset == page.HeaderLength && page.ContinuesRecord))
        {
            return 0;
        }
        var length = BinaryPrimitives.ReadUInt32LittleEndian(page.Bytes[offset..]);
        if (length is < WalRecord.HeaderLength or > LongestRecord)
        {
            return 0;
        }
        Array.Resize(ref buffer, (int)Math.Max(length, (uint)buffer.Length));
        var done = Copy(page, offset, 0, (int)length);
        end = Aligned(start + (ulong)done);
        while (done < length)
        {
            var address = (end + WalPage.Size - 1) / WalPage.Size * WalPage.Size;
            page = pages.At(address);
            if (page.IsEmpty)
            {
                Broken = new(address);
                return 0;
            }
            if (page.ReplacesRecord)
            {
                (end, isReplaced) = (address, true);
                return 0;
            }
            if (!page.ContinuesRecord || page.Remaining != length - done)
            {
                return 0;
            }
            var copied = Copy(page, page.HeaderLength, done, (int)length);
            done += copied;
            end = Aligned(address + (ulong)(page.HeaderLength + copied));
        }
        return (int)length;
    }

    private int Copy(WalPage page, int offset, int done, int length)
    {
        var part = page.Bytes[offset..Math.Min(WalPage.Size, offset + length - done)];
        part.CopyTo(buffer.AsSpan(done));
        return part.Length;
    }

    private void SkipContinuation()
    {
        var page = pages.At(position);
        while (!page.IsEmpty && page.ContinuesRecord)
        {
            var rest = (uint)(WalPage.Size - page.HeaderLength);
            if (page.Remaining < rest)
            {
                position += (ulong)page.HeaderLength + Aligned(page.Remaining);
                return;
            }
            position += WalPage.Size;
            page = pages.At(position);
        }
    }

    /// <summary>The start of the record at a position: at a page boundary, it follows the page header.</summary>
    private ulong Begin(ulong at) => at % WalPage.Size == 0 && pages.At(at) is { IsEmpty: false } page ? at + (ulong)page.HeaderLength : at;

    private WalPage PageOf(ulong at) => pages.At(at / WalPage.Size * WalPage.Size);

    private ulong NextSegment(ulong at) => (at + pages.SegmentSize - 1) / pages.SegmentSize * pages.SegmentSize;

    private static ulong Aligned(ulong at) => (at + Alignment - 1) & ~(ulong)(Alignment - 1);

    /// <remarks>The checksum covers first the data after the header, then the header up to the checksum.</remarks>
    private static bool IsWhole(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record[WalRecord.ChecksumOffset..])
        == Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Start, record[WalRecord.HeaderLength..]), record[..WalRecord.ChecksumOffset]));
}
