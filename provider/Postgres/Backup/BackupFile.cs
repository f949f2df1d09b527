namespace PgFleet.Postgres.Backup;

/// <summary>A file of a base backup.</summary>
/// <param name="Path">The path relative to the copied data directory.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="ModifiedUtc">The time of the last change, in UTC.</param>
/// <param name="Checksum">The CRC-32C of the content.</param>
internal readonly record struct BackupFile(string Path, long Size, DateTime ModifiedUtc, uint Checksum);
