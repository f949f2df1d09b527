namespace PgFleet.Archives.Backup;

/// <summary>A backup ended with its server: nobody's fault, and the next takes its place.</summary>
internal sealed class BackupInterruptedException(string server, Exception cause)
    : Exception($"The server \"{server}\" was stopped, or started again, while the base backup was taken. It is taken when the server archives next.", cause);
