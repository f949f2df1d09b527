namespace PgFleet.Engines.Local.Archive;

/// <summary>How far a backup's copy is, in bytes.</summary>
internal sealed record BackupProgress(long Done, long Of);
