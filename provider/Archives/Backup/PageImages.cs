using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Backup;

/// <summary>Finds the pages that replay of a backup restores completely, regardless of the copy's content.</summary>
internal sealed class PageImages(WalSegments segments, BaseBackup backup)
{
    /// <returns>The pages that are restored from the backup's WAL.</returns>
    public IReadOnlySet<PageAddress> Find(IReadOnlySet<PageAddress> pages)
    {
        var found = new HashSet<PageAddress>();
        var databases = new HashSet<uint>();
        if (segments.FindFirst(backup) is not { } first)
        {
            return found;
        }
        using var reader = segments.Read(first, backup.StartLsn);
        while (reader.TryRead(out var record) && record.Start.CompareTo(backup.StopLsn) < 0)
        {
            // CREATE and DROP DATABASE: replay copies or removes the database's files.
            if (record.Manager == ResourceManager.Databases && record.Data.Length >= sizeof(uint))
            {
                databases.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(record.Data));
            }
            foreach (var block in BlockReferences.Of(record, backup.MajorVersion))
            {
                if (pages.Contains(block))
                {
                    found.Add(block);
                }
            }
        }
        found.UnionWith(pages.Where(page => databases.Contains(page.Database)));
        return found;
    }
}
