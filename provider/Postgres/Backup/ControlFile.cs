using System.Buffers.Binary;
using PgFleet.Failures;
using PgFleet.Platform;

namespace PgFleet.Postgres.Backup;

/// <summary>Reads pg_control, which the server overwrites in place: a copy is good if its own checksum matches.</summary>
internal static class ControlFile
{
    private const int Attempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>An upper bound for the length of the data in every version.</summary>
    private const int LongestData = 512;

    private const int TimelineOffset = 48;

    public static async Task<BackupFile> CopyAsync(string source, string target, CancellationToken cancel)
    {
        var path = Path.Combine(source, DataDirectory.Control);
        var (bytes, modified, attempts) = (Array.Empty<byte>(), default(DateTime), 0);
        await Poll.UntilAsync(
            Pause,
            TimeProvider.System,
            async token =>
            {
                modified = File.GetLastWriteTimeUtc(path);
                bytes = await File.ReadAllBytesAsync(path, token);
                return IsWhole(bytes) || (++attempts < Attempts ? false : throw Damaged(path));
            },
            cancel);
        await File.WriteAllBytesAsync(Path.Combine(target, DataDirectory.Control), bytes, cancel);
        return new(DataDirectory.Control, bytes.Length, modified, Crc32C.Of(bytes));
    }

    /// <summary>Reads the timeline of the last checkpoint.</summary>
    /// <remarks>PostgreSQL, catalog/pg_control.h: checkPointCopy.ThisTimeLineID has the same offset in 14 to 18.</remarks>
    public static uint ReadTimeline(string data)
    {
        var bytes = File.ReadAllBytes(Path.Combine(data, DataDirectory.Control));
        return IsWhole(bytes)
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(TimelineOffset))
            : throw Damaged(Path.Combine(data, DataDirectory.Control));
    }

    private static ResourceFailure Damaged(string path) => new(FailureKind.Unavailable, $"\"{path}\" does not match its checksum.", "See whether the server's disk is damaged.");

    /// <summary>True if data pages have checksums.</summary>
    /// <remarks>
    /// PostgreSQL, catalog/pg_control.h: the page checksum version, 0 for none, precedes the 32 bytes before the file's own checksum; in 18 a flag lies
    /// between.
    /// </remarks>
    public static bool HasPageChecksums(string data, int major)
    {
        var bytes = File.ReadAllBytes(Path.Combine(data, DataDirectory.Control));
        return FindChecksum(bytes) is > 64 and var end && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(end - (major < 18 ? 36 : 40))) != 0;
    }

    public static bool IsWhole(ReadOnlySpan<byte> bytes) => FindChecksum(bytes) is not null;

    /// <summary>
    /// Finds the offset of the checksum; null when there is no valid one. It follows the data, whose length differs by version, so this looks for the first
    /// prefix that is followed by its own checksum.
    /// </summary>
    private static int? FindChecksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = Crc32C.Start;
        for (var offset = 0; offset + sizeof(uint) <= Math.Min(bytes.Length, LongestData); offset += sizeof(uint))
        {
            var word = bytes.Slice(offset, sizeof(uint));
            if (BinaryPrimitives.ReadUInt32LittleEndian(word) == Crc32C.Finish(checksum))
            {
                // The checksum of no bytes is 0, and a file of zeros is not a control file.
                return offset > 0 ? offset : null;
            }
            checksum = Crc32C.Append(checksum, word);
        }
        return null;
    }
}
