namespace PgFleet.Engines.Local.Archive;

/// <summary>What a server's archive_command does: store one file, then see what is due.</summary>
internal static class ArchiveWalCommand
{
    public static void Run(string configPath, string source, string name)
    {
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        new WalArchive(layout, config.SystemIdentifier).Store(source, name);
        try
        {
            CheckpointerWake.Run(layout);
            new BackupHealth(config, layout, TimeProvider.System).Write();
            var archived = WalSegment.Names(name) && name.Length == WalSegment.NameLength ? WalSegment.Parse(name, new FileInfo(source).Length) : (WalSegment?)null;
            if (new BackupSchedule(config, TimeProvider.System).IsDue(archived))
            {
                BackupKick.Start(configPath, layout);
            }
            else if (new BackupCatalogue(config.ArchiveDirectory, config.SystemIdentifier).List().Any(backup => backup.Check is null))
            {
                BackupKick.StartCheck(configPath, layout);
            }
        }
        catch (Exception failure)
        {
            // The file is safe, and that alone is what the server asked about.
            Console.Error.WriteLine($"pgfleet {ArchiveProgram.ArchiveWal}: the base backups were not looked after: {failure.Message}");
        }
    }
}
