using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PgFleet.Postgres.Backup;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Backup;

/// <summary>Verifies the pages of a finished backup, because the server copies pages that are damaged on its disk without an error.</summary>
/// <remarks>
/// A page that was written during the copy may be torn. With checksums, the first change of a page after the checkpoint at the backup's start
/// writes a full-page image to WAL, and replaying up to the backup's end is what makes the copy consistent. So a failing page is either restored from such an
/// image, or damaged.
/// </remarks>
internal sealed class BackupCheck(ArchiveConfig config, ArchiveLayout layout)
{
    private const int BlockSize = 128 * PageChecksum.PageSize;
    private const int FewestNamed = 3;

    private readonly BackupCatalogue catalogue = new(config.ArchiveDirectory, config.SystemIdentifier);

    /// <returns>The damage; null when there is none.</returns>
    public string? FindDamage(BaseBackup backup)
    {
        var data = catalogue.DataOf(backup);
        if (new StoredBackup(data).FindDamage() is { } damage)
        {
            return damage;
        }
        if (!ControlFile.HasPageChecksums(data, backup.MajorVersion))
        {
            return null;
        }
        var failed = RelationFile.List(data).SelectMany(file => Failing(data, file)).ToDictionary();
        if (failed.Count == 0)
        {
            return null;
        }
        foreach (var settled in new PageImages(WalSegments.Of(config, layout), backup).Find(failed.Keys.ToHashSet()))
        {
            failed.Remove(settled);
        }
        return failed.Count == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", failed.Take(FewestNamed).Select(page => page.Value))}{(failed.Count > FewestNamed ? $" and {failed.Count - FewestNamed} more" : "")}");
    }

    private static IEnumerable<KeyValuePair<PageAddress, string>> Failing(string data, RelationFile file)
    {
        using var from = File.OpenHandle(Path.Combine(data, file.Path));
        var bytes = new byte[BlockSize];
        var number = file.FirstBlock;
        for (long offset = 0; Fill(from, bytes, offset) is var filled && filled >= PageChecksum.PageSize; offset += filled)
        {
            for (var at = 0; at + PageChecksum.PageSize <= filled; at += PageChecksum.PageSize, number++)
            {
                if (!PageChecksum.Holds(bytes.AsSpan(at, PageChecksum.PageSize), number))
                {
                    yield return new(file.At(number), string.Create(CultureInfo.InvariantCulture, $"block {number} of {file.Path}"));
                }
            }
        }
    }

    private static int Fill(SafeFileHandle file, byte[] bytes, long offset)
    {
        var filled = 0;
        while (filled < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(filled), offset + filled) is > 0 and var read)
        {
            filled += read;
        }
        return filled;
    }
}
