using System.Text.Json.Serialization;

namespace PgFleet.Engines.Local.Instances;

/// <summary>
/// The backup policy of a server, and the place of its archive: <paramref name="Directory"/> is an absolute path, or null for a folder inside the home.
/// </summary>
internal sealed record BackupRecord(
    TimeSpan Retention, TimeSpan Interval, TimeSpan ArchiveTimeout, string? Directory = null, ArchiveOnDelete OnDelete = ArchiveOnDelete.Keep)
{
    [JsonIgnore]
    public BackupPolicy Policy => new(Retention, Interval, ArchiveTimeout, OnDelete);

    public static BackupRecord Of(ServerSpec spec) =>
        new(spec.Backup.Retention, spec.Backup.Interval, spec.Backup.ArchiveTimeout, spec.Placement.ArchiveDirectory, spec.Backup.OnDelete);
}
