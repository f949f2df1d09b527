using System.Buffers;
using System.Globalization;

namespace PgFleet.Postgres.Wal;

/// <summary>A piece of the WAL, of the size that initdb chose, as the name of its file spells it: 8 hex digits each of timeline, high and low part.</summary>
internal readonly record struct WalSegment(uint Timeline, ulong Number, long Size)
{
    /// <summary>Of what initdb offers.</summary>
    public const uint SmallestSize = 1 << 20;

    public const int NameLength = 24;
    private const int TimelineLength = 8;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789ABCDEF");

    public Lsn Start => new(Number * (ulong)Size);

    public string Name => $"{Timeline:X8}{Number / PerPart:X8}{Number % PerPart:X8}";

    public WalSegment Next => this with { Number = Number + 1 };

    private ulong PerPart => 0x1_0000_0000 / (ulong)Size;

    /// <summary>The segment that holds the byte before a position: the last one needed to replay up to it.</summary>
    public static WalSegment Before(Lsn end, uint timeline, long size) => new(timeline, (end.Value - 1) / (ulong)size, size);

    public static WalSegment Parse(string name, long size)
    {
        var segment = new WalSegment(Part(name, 0), 0, size);
        return segment with { Number = (Part(name, 1) * segment.PerPart) + Part(name, 2) };
    }

    /// <summary>Whether a file's name begins as a segment's does: the segment, its .partial or a .backup in it.</summary>
    public static bool Names(string name) =>
        IsHex(name, NameLength) && (name.Length == NameLength || name[NameLength] == '.');

    /// <summary>Whether the name is one that a server archives.</summary>
    public static bool IsArchivable(string name) =>
        Names(name) ? name[NameLength..] is "" or ".partial" || IsBackupSuffix(name[NameLength..])
        : IsHex(name, TimelineLength) && name[TimelineLength..] == ".history";

    /// <summary>Whether the file of that name is a whole segment.</summary>
    public static bool IsWholeSegment(string name) => Names(name) && name.Length == NameLength;

    /// <summary>Whether the file of that name is a segment's bytes, whole or in part.</summary>
    public static bool IsSegment(string name) => Names(name) && name[NameLength..] is "" or ".partial";

    /// <summary>What orders the files of one server's archive by position, whatever their timeline.</summary>
    public static string Place(string name) => name[TimelineLength..NameLength];

    private static uint Part(string name, int part) =>
        uint.Parse(name.AsSpan(part * TimelineLength, TimelineLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static bool IsHex(string name, int length) => name.Length >= length && !name.AsSpan(0, length).ContainsAnyExcept(Digits);

    private static bool IsBackupSuffix(string suffix) =>
        suffix.Length == 16 && suffix[0] == '.' && IsHex(suffix[1..], TimelineLength) && suffix.EndsWith(".backup", StringComparison.Ordinal);
}
