namespace PgFleet.Archives;

/// <summary>The internal subcommands that a server calls, or that the provider runs as the servers' user. They are not for users.</summary>
/// <remarks>
/// <c>archive-wal CONFIG %p %f</c> is the server's archive_command; its exit status is 0 only when the file is durable.
/// <c>base-backup CONFIG</c> takes a base backup; prints <c>progress DONE OF STEP</c> and at the end <c>done FOLDER</c>.
/// <c>base-backup CONFIG --detached NEWEST</c> does the same in a session of its own, unless a backup is running.
/// <c>check-backups CONFIG</c> checks unchecked backups in a session of its own, unless a check is running; then it deletes expired ones.
/// <c>recovery-window CONFIG</c> prints <c>done</c> and an <see cref="ArchiveReport"/>.
/// <c>restore-backup CONFIG FOLDER WAL INSTANT</c> fills the two folders with what recovers to the instant (or <c>latest</c>); prints
/// progress and at the end <c>done</c> and a <see cref="RestorePoint"/>.
/// <c>settle-archive CONFIG</c> stores what a server that will never run again has not archived; prints <c>done settled</c>.
/// <c>remove-shared-memory DATA</c> removes the shared memory of a killed server.
/// <c>resume-recovery DATA TIMELINE</c> makes a server that was stopped during recovery continue to its target at the next start; prints <c>done TIMELINE</c>.
/// A failure is one line on stderr and exit status 1; all but <c>archive-wal</c> also print <c>failed</c> and a <see cref="HelperFailure"/>.
/// </remarks>
internal static class ArchiveCommands
{
    public const string ArchiveWal = "archive-wal";
    public const string BaseBackup = "base-backup";
    public const string Detached = "--detached";
    public const string CheckBackups = "check-backups";
    public const string RecoveryWindow = "recovery-window";
    public const string RestoreBackup = "restore-backup";
    public const string ResumeRecovery = "resume-recovery";
    public const string SettleArchive = "settle-archive";
    public const string RemoveSharedMemory = "remove-shared-memory";
    public const string Latest = "latest";
}
