using Microsoft.Win32.SafeHandles;

namespace PgFleet.Postgres.Wal;

/// <summary>Reads the pages of consecutive segments. A page that is missing, or has another page's address, is returned empty: the WAL ends there.</summary>
/// <param name="open">Opens a segment; null when there is none.</param>
/// <param name="first">Any segment of the timeline to read.</param>
internal sealed class WalPages(Func<WalSegment, SafeFileHandle?> open, WalSegment first) : IDisposable
{
    private const int BlockSize = 64 * WalPage.Size;

    private readonly byte[] block = new byte[BlockSize];
    private SafeFileHandle? file;
    private WalSegment? segment;
    private ulong blockAddress = ulong.MaxValue;
    private int filled;

    public ulong SegmentSize => (ulong)first.Size;

    public WalPage At(ulong address)
    {
        if (address < blockAddress || address >= blockAddress + (ulong)filled)
        {
            Load(address);
        }
        var offset = (int)(address - blockAddress);
        var page = offset + WalPage.Size <= filled ? new WalPage(block.AsSpan(offset, WalPage.Size)) : default;
        return !page.IsEmpty && page.Address == address ? page : default;
    }

    public void Dispose() => file?.Dispose();

    private void Load(ulong address)
    {
        var wanted = first with { Number = address / SegmentSize };
        if (segment != wanted)
        {
            file?.Dispose();
            file = open(wanted);
            segment = wanted;
        }
        blockAddress = address;
        filled = file is null ? 0 : RandomAccess.Read(file, block, (long)(address % SegmentSize));
    }
}
