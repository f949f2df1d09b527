namespace PgFleet.Archives.Backup;

/// <summary>A backup was interrupted because its server stopped. This is not an error; the next backup replaces it.</summary>
internal sealed class BackupInterruptedException(string server, Exception cause)
    : Exception($"The server \"{server}\" was stopped, or started again, while the base backup was taken. It is taken when the server archives next.", cause);
