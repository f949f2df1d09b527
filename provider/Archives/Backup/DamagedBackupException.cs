namespace PgFleet.Archives.Backup;

/// <summary>A base backup has other content than was written; an older one may serve instead.</summary>
internal sealed class DamagedBackupException(string damage) : Exception(damage);
