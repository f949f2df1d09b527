using System.Text.Json.Serialization;

namespace PgFleet.Engines.Local.Instances;

/// <summary>The backup policy of a server, and where its archive lies.</summary>
/// <param name="Retention">As in <see cref="BackupPolicy"/>.</param>
/// <param name="Interval">As in <see cref="BackupPolicy"/>.</param>
/// <param name="ArchiveTimeout">As in <see cref="BackupPolicy"/>.</param>
/// <param name="Directory">Absolute path of a folder that holds the archive; null: inside the engine's home.</param>
/// <param name="OnDelete">As in <see cref="BackupPolicy"/>.</param>
internal sealed record BackupRecord(
    TimeSpan Retention, TimeSpan Interval, TimeSpan ArchiveTimeout, string? Directory = null, ArchiveOnDelete OnDelete = ArchiveOnDelete.Keep)
{
    [JsonIgnore]
    public BackupPolicy Policy => new(Retention, Interval, ArchiveTimeout, OnDelete);

    public static BackupRecord Of(ServerSpec spec) =>
        new(spec.Backup.Retention, spec.Backup.Interval, spec.Backup.ArchiveTimeout, spec.Placement.ArchiveDirectory, spec.Backup.OnDelete);
}
