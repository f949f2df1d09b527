using System.Formats.Tar;
using System.IO.Compression;
using PgFleet.Platform;

namespace PgFleet.Applications;

/// <summary>Packs an application into one reproducible file (tar, gzip): the same source gives the same bytes.</summary>
internal static class SourceArchive
{
    /// <summary>
    /// Writes the archive, durable, readable only by its owner. An incomplete file is deleted, because it may have filled the disk. <paramref name="entries"/>
    /// are ordered by path.
    /// </summary>
    public static async Task PackAsync(string path, IEnumerable<SourceEntry> entries, CancellationToken cancel)
    {
        File.Delete(path);
        try
        {
            await WriteAsync(path, entries, cancel);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static async Task WriteAsync(string path, IEnumerable<SourceEntry> entries, CancellationToken cancel)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Modes.Private });
        await using (var zip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
        await using (var tar = new TarWriter(zip, TarEntryFormat.Gnu))
        {
            foreach (var entry in entries)
            {
                await using var content = entry.Link is null ? entry.Open() : null;
                await tar.WriteEntryAsync(Written(entry, content), cancel);
            }
        }
        file.Flush(flushToDisk: true);
    }

    /// <summary>Reads the entries in order of path. An entry's content can be read until the next one is requested.</summary>
    public static IEnumerable<SourceEntry> Read(string path)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            yield return new(
                entry.Name,
                entry.Mode.HasFlag(UnixFileMode.UserExecute) && entry.EntryType == TarEntryType.RegularFile,
                entry.EntryType == TarEntryType.SymbolicLink ? entry.LinkName : null,
                entry.Length,
                () => entry.DataStream ?? Stream.Null);
        }
    }

    /// <summary>Unpacks into an empty folder, readable only by its owner. Links are created last, so that nothing is written through one.</summary>
    public static async Task UnpackAsync(string path, string folder, CancellationToken cancel)
    {
        var links = new List<SourceEntry>();
        foreach (var entry in Read(path))
        {
            var target = Path.Combine(folder, entry.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!, Modes.PrivateFolder);
            if (entry.Link is not null)
            {
                links.Add(entry);
                continue;
            }
            await using var file = new FileStream(target, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = entry.IsExecutable ? Modes.PrivateFolder : Modes.Private,
            });
            await entry.Open().CopyToAsync(file, cancel);
        }
        foreach (var link in links)
        {
            File.CreateSymbolicLink(Path.Combine(folder, link.Path), link.Link!);
        }
    }

    private static GnuTarEntry Written(SourceEntry entry, Stream? content) =>
        entry.Link is not null
            ? new(TarEntryType.SymbolicLink, entry.Path) { LinkName = entry.Link, ModificationTime = DateTimeOffset.UnixEpoch }
            : new(TarEntryType.RegularFile, entry.Path)
            {
                Mode = entry.IsExecutable ? Modes.PrivateFolder : Modes.Private,
                ModificationTime = DateTimeOffset.UnixEpoch,
                DataStream = content,
            };
}
