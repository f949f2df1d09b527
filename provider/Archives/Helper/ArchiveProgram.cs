using System.Text.Json;
using PgFleet.Platform;
using PgFleet.Postgres;

namespace PgFleet.Archives.Helper;

/// <summary>The parts of the program that a server calls, or that the provider runs as the server's user. Users never type them.</summary>
/// <remarks>
/// <c>archive-wal CONFIG %p %f</c> is the server's archive_command; exit status 0 only when the file is durable.
/// <c>base-backup CONFIG</c> takes one base backup and prints <c>progress DONE OF STEP</c> and at last <c>done FOLDER</c>.
/// <c>base-backup CONFIG --detached</c> does so in a session of its own, unless one is being taken.
/// <c>check-backups CONFIG</c> looks into the backups that nobody has looked into, in a session of its own, unless another does; then it prunes.
/// <c>recovery-window CONFIG</c> prints <c>done</c> and an <see cref="ArchiveReport"/>.
/// <c>restore-backup CONFIG FOLDER WAL INSTANT</c> fills the two folders with what recovers to the instant (or <c>latest</c>), and prints
/// progress and at last <c>done</c> and a <see cref="RestorePoint"/>.
/// <c>settle-archive CONFIG</c> stores what a server that will never run again could not archive, and prints <c>done settled</c>.
/// <c>remove-shared-memory DATA</c> removes what a killed server has left of it.
/// <c>resume-recovery DATA TIMELINE</c> has a server that was ended on its way to the target go on to it when it is started, and prints <c>done TIMELINE</c>.
/// A failure is one line on stderr and exit status 1; all but <c>archive-wal</c> also print <c>failed</c> and a <see cref="HelperFailure"/>.
/// </remarks>
internal static class ArchiveProgram
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

    public static bool Handles(string[] args) => args is [ArchiveWal or BaseBackup or CheckBackups or RecoveryWindow or RestoreBackup or ResumeRecovery or SettleArchive or RemoveSharedMemory, ..];

    public static async Task<int> RunAsync(string[] args)
    {
        Posix.CreateFilesForOwnerOnly();
        try
        {
            switch (args)
            {
                case [ArchiveWal, var config, var path, var name]:
                    ArchiveWalCommand.Run(config, path, name);
                    return 0;
                case [BaseBackup, var config]:
                    await BaseBackupCommand.RunAsync(config, CancellationToken.None);
                    return 0;
                case [BaseBackup, var config, Detached, var newest]:
                    Posix.LeaveSession();
                    await BaseBackupCommand.RunIfFreeAsync(config, newest, CancellationToken.None);
                    return 0;
                case [CheckBackups, var config]:
                    BackupCheckCommand.Run(config);
                    return 0;
                case [RecoveryWindow, var config]:
                    RestoreCommand.Survey(config);
                    return 0;
                case [RestoreBackup, var config, var folder, var wal, var instant]:
                    await RestoreCommand.RunAsync(config, folder, wal, instant, CancellationToken.None);
                    return 0;
                case [ResumeRecovery, var data, var timeline]:
                    RestoreCommand.Resume(data, timeline);
                    return 0;
                case [SettleArchive, var config]:
                    SettleArchiveCommand.Run(config);
                    return 0;
                case [RemoveSharedMemory, var data]:
                    SharedMemory.Remove(data);
                    return 0;
                default:
                    throw new ArgumentException($"it is called with {args.Length - 1} arguments; the server's configuration writes this call.");
            }
        }
        // Whatever it is, the archiver has to read an ordinary exit status: above 125 it takes for its own end.
        catch (Exception failure)
        {
            if (args[0] != ArchiveWal)
            {
                await Console.Out.WriteLineAsync($"failed {JsonSerializer.Serialize(HelperFailure.Of(failure), ArchiveJson.OneLine.HelperFailure)}");
            }
            await Console.Error.WriteLineAsync($"pgfleet {args[0]}: {failure.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }
}
