using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>The segments of one timeline, in the archive or still on a server that could not archive them.</summary>
/// <param name="layout">The archive.</param>
/// <param name="serverWal">The server's pg_wal; null when its data is lost.</param>
/// <param name="systemIdentifier">The server's system identifier.</param>
internal sealed class WalSegments(ArchiveLayout layout, string? serverWal, string systemIdentifier)
{
    public static WalSegments Of(ArchiveConfig config, ArchiveLayout layout)
    {
        var serverWal = Path.Combine(config.DataDirectory, "pg_wal");
        return new(layout, Directory.Exists(serverWal) ? serverWal : null, config.SystemIdentifier);
    }

    /// <summary>The first segment that a recovery from a backup needs, with the size read from its first page; null when it is missing or damaged.</summary>
    public WalSegment? FindFirst(BaseBackup backup)
    {
        var path = Path.Combine(layout.Wal, backup.StartSegment);
        return HeaderOf(path) is { SegmentSize: >= WalSegment.SmallestSize } header && WalSegment.Parse(backup.StartSegment, header.SegmentSize) is var first && IsWhole(path, first)
            ? first
            : null;
    }

    /// <summary>True if the archive has a file of that name, regardless of its content.</summary>
    public bool IsArchived(WalSegment segment) => File.Exists(Path.Combine(layout.Wal, segment.Name));

    /// <summary>The path of the file that holds a segment; null when there is none, or it does not start with that segment's header.</summary>
    public string? Find(WalSegment segment)
    {
        var archived = Path.Combine(layout.Wal, segment.Name);
        if (IsWhole(archived, segment))
        {
            return archived;
        }
        // The archive is checked once more at the end: the server may have archived and removed the file in between.
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

    /// <summary>The time at which a segment was archived; null when it was not.</summary>
    public DateTimeOffset? ArchivedAt(WalSegment segment) =>
        new FileInfo(Path.Combine(layout.Wal, segment.Name)) is { Exists: true } file ? file.LastWriteTimeUtc : null;

    /// <summary>Lists the available segments from <paramref name="first"/> on, which also gives timeline and size, by number.</summary>
    public IReadOnlyList<WalSegment> From(WalSegment first)
    {
        // The server's folder is listed first: what it loses afterwards is in the archive by then.
        var own = ServersFiles();
        return [.. Names(own.Concat(Directory.GetFiles(layout.Wal)), first).Distinct().Where(segment => Find(segment) is not null).OrderBy(segment => segment.Number)];
    }

    public WalReader Read(WalSegment first, Lsn start) => new(new WalPages(Open, first), start);

    private static IEnumerable<WalSegment> Names(IEnumerable<string> files, WalSegment first) =>
        files.Select(path => Path.GetFileName(path))
            .Where(name => WalSegment.Names(name) && name.Length == first.Name.Length)
            .Select(name => WalSegment.Parse(name, first.Size))
            .Where(segment => segment.Timeline == first.Timeline && segment.Number >= first.Number);

    /// <summary>Explains why the WAL of a timeline ends although the server continued; null when it is the server's last timeline.</summary>
    /// <remarks>WAL on a later timeline does not continue from base backups of an earlier one.</remarks>
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
        catch (DirectoryNotFoundException) // the server is being deleted, and everything it had is in the archive
        {
            return [];
        }
    }

    /// <summary>Checks the header, because a file recycled for a later segment has that segment's name and an older one's content.</summary>
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

    /// <summary>Reads a segment's header; null when the file is missing or has none.</summary>
    private static WalHeader? HeaderOf(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return WalHeader.TryRead(file);
        }
        catch (Exception gone) when (gone is FileNotFoundException or UnauthorizedAccessException) // opening a folder of that name throws UnauthorizedAccessException
        {
            return null;
        }
    }
}
