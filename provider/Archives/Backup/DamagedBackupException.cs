namespace PgFleet.Archives.Backup;

/// <summary>A base backup is not what was written; an older one may do in its place.</summary>
internal sealed class DamagedBackupException(string damage) : Exception(damage);
