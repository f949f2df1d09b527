using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>The segments of one timeline, wherever they lie: in the archive, or still with a server that could not archive them.</summary>
/// <param name="layout">The archive.</param>
/// <param name="serverWal">The server's own pg_wal; null when its data are lost.</param>
/// <param name="systemIdentifier">Of the server.</param>
internal sealed class WalSegments(ArchiveLayout layout, string? serverWal, string systemIdentifier)
{
    public static WalSegments Of(ArchiveConfig config, ArchiveLayout layout)
    {
        var serverWal = Path.Combine(config.DataDirectory, "pg_wal");
        return new(layout, Directory.Exists(serverWal) ? serverWal : null, config.SystemIdentifier);
    }

    /// <summary>The segment that a recovery from a backup begins with, of the size that its first page tells; null when it is missing or damaged.</summary>
    public WalSegment? FindFirst(BaseBackup backup)
    {
        var path = Path.Combine(layout.Wal, backup.StartSegment);
        return HeaderOf(path) is { SegmentSize: >= WalSegment.SmallestSize } header && WalSegment.Parse(backup.StartSegment, header.SegmentSize) is var first && IsWhole(path, first)
            ? first
            : null;
    }

    /// <summary>Whether a file of that name is in the archive, whatever it holds.</summary>
    public bool IsArchived(WalSegment segment) => File.Exists(Path.Combine(layout.Wal, segment.Name));

    /// <summary>The file that holds a segment; null when there is none, or it does not begin as that segment does.</summary>
    public string? Find(WalSegment segment)
    {
        var archived = Path.Combine(layout.Wal, segment.Name);
        if (IsWhole(archived, segment))
        {
            return archived;
        }
        // Asked for again at last: the server may have archived and removed it in between.
        return IsServers(segment, out var path) ? path : IsWhole(archived, segment) ? archived : null;
    }

    public SafeFileHandle? Open(WalSegment segment)
    {
        try
        {
            return Find(segment) is { } path ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
        }
        catch (Exception moved) when (moved is FileNotFoundException or DirectoryNotFoundException)
        {
            return Find(segment) is { } there ? File.OpenHandle(there) : null;
        }
    }

    /// <summary>When a segment came into the archive; null when it is not there.</summary>
    public DateTimeOffset? ArchivedAt(WalSegment segment) =>
        new FileInfo(Path.Combine(layout.Wal, segment.Name)) is { Exists: true } file ? file.LastWriteTimeUtc : null;

    /// <summary>The segments that there are, by number.</summary>
    /// <param name="first">Tells timeline and size; none before it is listed.</param>
    public IReadOnlyList<WalSegment> From(WalSegment first)
    {
        // First: what the server's folder loses is in the archive by then.
        var own = ServersFiles();
        return [.. Names(own.Concat(Directory.GetFiles(layout.Wal)), first).Distinct().Where(segment => Find(segment) is not null).OrderBy(segment => segment.Number)];
    }

    public WalReader Read(WalSegment first, Lsn start) => new(new WalPages(Open, first), start);

    private static IEnumerable<WalSegment> Names(IEnumerable<string> files, WalSegment first) =>
        files.Select(path => Path.GetFileName(path))
            .Where(name => WalSegment.Names(name) && name.Length == first.Name.Length)
            .Select(name => WalSegment.Parse(name, first.Size))
            .Where(segment => segment.Timeline == first.Timeline && segment.Number >= first.Number);

    /// <summary>Why the WAL of a timeline ends though the server went on; null when it is the server's last.</summary>
    /// <remarks>What a server has written on a timeline of its own does not follow from the backups of another's.</remarks>
    public string? FindEndOf(uint timeline)
    {
        var last = ServersFiles().Concat(Directory.GetFiles(layout.Wal)).Select(path => Path.GetFileName(path))
            .Where(name => WalSegment.IsArchivable(name) && !WalSegment.Names(name))
            .Select(history => uint.Parse(history.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
            .DefaultIfEmpty(timeline).Max();
        return last > timeline ? string.Create(CultureInfo.InvariantCulture, $"the server went on on timeline {last}, to which no base backup of before leads") : null;
    }

    private string[] ServersFiles()
    {
        try
        {
            return serverWal is null ? [] : Directory.GetFiles(serverWal);
        }
        catch (DirectoryNotFoundException) // it is being deleted, and all that it had is in the archive
        {
            return [];
        }
    }

    /// <summary>A file that the server keeps to write a later segment into bears that one's name and an older one's bytes.</summary>
    private bool IsServers(WalSegment segment, out string path)
    {
        path = serverWal is null ? "" : Path.Combine(serverWal, segment.Name);
        try
        {
            return serverWal is not null && IsOf(HeaderOf(path), segment);
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    private bool IsWhole(string path, WalSegment segment) => IsOf(HeaderOf(path), segment) && new FileInfo(path) is { Exists: true } file && file.Length == segment.Size;

    private bool IsOf(WalHeader? header, WalSegment segment) =>
        header is { } read && $"{read.SystemIdentifier}" == systemIdentifier && read.Page == segment.Start && read.SegmentSize == segment.Size;

    /// <summary>Null when there is no such file, or it does not begin as a segment does.</summary>
    private static WalHeader? HeaderOf(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return WalHeader.TryRead(file);
        }
        catch (Exception gone) when (gone is FileNotFoundException or UnauthorizedAccessException) // a folder of that name is none either
        {
            return null;
        }
    }
}
