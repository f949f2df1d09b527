using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Helper;

/// <summary>Completes the archive of a server that will never run again: stores the remaining WAL and removes unfinished files.</summary>
internal static class SettleArchiveCommand
{
    public static void Run(string configPath)
    {
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        RemoveUnfinished(layout);
        var archive = new WalArchive(layout, config.SystemIdentifier);
        var wal = Path.Combine(config.DataDirectory, "pg_wal");
        foreach (var path in Directory.Exists(wal) ? Directory.GetFiles(wal) : [])
        {
            var name = Path.GetFileName(path);
            if (!File.Exists(Path.Combine(layout.Wal, name)) && (IsHistory(name) || IsWritten(path, name, config.SystemIdentifier)))
            {
                archive.Store(path, name);
            }
        }
        Console.Out.WriteLine("done settled");
    }

    /// <summary>Removes backups that were being taken.</summary>
    private static void RemoveUnfinished(ArchiveLayout layout)
    {
        foreach (var folder in Directory.EnumerateDirectories(layout.Backups, ".*"))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsHistory(string name) => !WalSegment.Names(name) && WalSegment.IsArchivable(name);

    /// <summary>Checks the header, because a file recycled for a later segment has that segment's name and an older one's content.</summary>
    private static bool IsWritten(string path, string name, string systemIdentifier)
    {
        if (!WalSegment.Names(name) || !WalSegment.IsSegment(name))
        {
            return false;
        }
        using var file = File.OpenHandle(path);
        return WalHeader.TryRead(file) is { } header && $"{header.SystemIdentifier}" == systemIdentifier && header.Page == WalSegment.Parse(name, header.SegmentSize).Start;
    }
}
