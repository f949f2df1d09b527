using PgFleet.Archives.Backup;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Helper;

/// <summary>Implements archive_command: stores one file, takes notes for a restore, and starts what is due.</summary>
internal static class ArchiveWalCommand
{
    public static void Run(string configPath, string source, string name)
    {
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        new WalArchive(layout, config.SystemIdentifier).Store(source, name);
        WalSegment? archived = WalSegment.IsWholeSegment(name) ? WalSegment.Parse(name, new FileInfo(source).Length) : null;
        Try($"\"{name}\" was not read", () => Note(config, layout, archived));
        Try("the base backups were not looked after", () => MaintainBackups(configPath, config, layout, archived));
    }

    private static void Note(ArchiveConfig config, ArchiveLayout layout, WalSegment? archived)
    {
        if (archived is { } segment)
        {
            new WalNoteTaker(layout, WalSegments.Of(config, layout)).Note(segment);
        }
    }

    private static void MaintainBackups(string configPath, ArchiveConfig config, ArchiveLayout layout, WalSegment? archived)
    {
        CheckpointerWake.Run(layout);
        new BackupHealth(config, layout, TimeProvider.System).Write();
        var catalogue = new BackupCatalogue(config.ArchiveDirectory, config.SystemIdentifier);
        var newest = catalogue.NewestName();
        if (new BackupSchedule(config, TimeProvider.System).IsDue(archived))
        {
            DetachedBackup.Start(configPath, layout, newest);
        }
        else if (catalogue.List().Any(backup => backup.Check is null))
        {
            DetachedBackup.StartCheck(configPath, layout);
        }
    }

    /// <summary>Logs errors instead of throwing: the file is stored by now, and only that determines the exit status.</summary>
    private static void Try(string otherwise, Action then)
    {
        try
        {
            then();
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"pgfleet {ArchiveCommands.ArchiveWal}: {otherwise}: {failure.Message}");
        }
    }
}
