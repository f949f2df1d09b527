namespace PgFleet.Engines.Local.Archive;

/// <summary>What a server's archive_command does: store one file, then see whether a base backup is due.</summary>
internal static class ArchiveWalCommand
{
    public static void Run(string configPath, string source, string name)
    {
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        new WalArchive(layout, config.SystemIdentifier).Store(source, name);
        try
        {
            var archived = WalSegment.IsSegment(name) ? WalSegment.Parse(name, new FileInfo(source).Length).Start : (Lsn?)null;
            if (new BackupSchedule(config, TimeProvider.System).IsDue(archived))
            {
                BackupKick.Start(configPath, layout);
            }
        }
        catch (Exception failure)
        {
            // The file is safe, and that alone is what the server asked about.
            Console.Error.WriteLine($"pgfleet {ArchiveProgram.ArchiveWal}: no base backup was started: {failure.Message}");
        }
    }
}
