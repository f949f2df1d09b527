using System.Buffers;
using System.Globalization;

namespace PgFleet.Postgres.Wal;

/// <summary>A WAL segment. Its size was chosen at initdb; its file name has 8 hex digits each for timeline, high part and low part.</summary>
internal readonly record struct WalSegment(uint Timeline, ulong Number, long Size)
{
    /// <summary>The smallest size that initdb offers.</summary>
    public const uint SmallestSize = 1 << 20;

    public const int NameLength = 24;
    private const int TimelineLength = 8;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789ABCDEF");

    public Lsn Start => new(Number * (ulong)Size);

    public string Name => $"{Timeline:X8}{Number / PerPart:X8}{Number % PerPart:X8}";

    public WalSegment Next => this with { Number = Number + 1 };

    private ulong PerPart => 0x1_0000_0000 / (ulong)Size;

    /// <summary>The segment that holds the last byte before a position: the last one needed to replay up to it.</summary>
    public static WalSegment Before(Lsn end, uint timeline, long size) => new(timeline, ((ulong)end - 1) / (ulong)size, size);

    public static WalSegment Parse(string name, long size)
    {
        var segment = new WalSegment(Part(name, 0), 0, size);
        return segment with { Number = (Part(name, 1) * segment.PerPart) + Part(name, 2) };
    }

    /// <summary>True if a file name begins with a segment's name: the segment itself, its .partial, or a .backup label in it.</summary>
    public static bool Names(string name) =>
        IsHex(name, NameLength) && (name.Length == NameLength || name[NameLength] == '.');

    /// <summary>True for file names that a server archives.</summary>
    public static bool IsArchivable(string name) =>
        Names(name) ? name[NameLength..] is "" or ".partial" || IsBackupSuffix(name[NameLength..])
        : IsHex(name, TimelineLength) && name[TimelineLength..] == ".history";

    /// <summary>True for the name of a complete segment.</summary>
    public static bool IsWholeSegment(string name) => Names(name) && name.Length == NameLength;

    /// <summary>True for the name of a complete or partial segment.</summary>
    public static bool IsSegment(string name) => Names(name) && name[NameLength..] is "" or ".partial";

    /// <summary>A key that sorts the files of one server's archive by position, regardless of timeline.</summary>
    public static string SortKey(string name) => name[TimelineLength..NameLength];

    private static uint Part(string name, int part) =>
        uint.Parse(name.AsSpan(part * TimelineLength, TimelineLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static bool IsHex(string name, int length) => name.Length >= length && !name.AsSpan(0, length).ContainsAnyExcept(Digits);

    private static bool IsBackupSuffix(string suffix) =>
        suffix.Length == 16 && suffix[0] == '.' && IsHex(suffix[1..], TimelineLength) && suffix.EndsWith(".backup", StringComparison.Ordinal);
}
