namespace PgFleet.Postgres.Backup;

/// <summary>A file of a base backup.</summary>
/// <param name="Path">Relative to the copied data directory.</param>
internal readonly record struct BackupFile(string Path, long Size, DateTime ModifiedUtc, uint Checksum);
