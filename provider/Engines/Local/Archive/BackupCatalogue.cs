namespace PgFleet.Engines.Local.Archive;

/// <summary>The finished base backups of one archive.</summary>
internal sealed class BackupCatalogue(string archiveDirectory)
{
    public const string FileName = "backup.json";
    public const string DataFolder = "data";

    private readonly ArchiveLayout layout = new(archiveDirectory);

    /// <summary>Oldest first, by position in the WAL: a clock may have jumped.</summary>
    /// <exception cref="Failures.ResourceFailure">A backup.json is of a newer format.</exception>
    public IReadOnlyList<BaseBackup> List() => [.. Names().Select(Read).OrderBy(backup => backup.StartLsn)];

    /// <summary>The backup with the newest name, or null when there is none. Reads one file, however many backups there are.</summary>
    public BaseBackup? FindNewest() => Names().Max(StringComparer.Ordinal) is { } name ? Read(name) : null;

    /// <summary>Why the last attempt at a backup came to nothing, or null when it did not.</summary>
    public string? FindFailure() => File.Exists(layout.BackupFailure) ? File.ReadAllText(layout.BackupFailure).TrimEnd() : null;

    /// <summary>The folder that a copy of a data directory lies in.</summary>
    public string DataOf(BaseBackup backup) => Path.Combine(layout.Backup(backup.Name), DataFolder);

    // A name that begins with a dot is a backup under construction, or one being removed.
    private IEnumerable<string> Names() =>
        Directory.Exists(layout.Backups)
            ? Directory.EnumerateDirectories(layout.Backups).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.')
            : [];

    private BaseBackup Read(string name) =>
        ArchiveJson.Read(Path.Combine(layout.Backup(name), FileName), ArchiveJson.Default.BaseBackup) with { Name = name };
}
