using System.Text.Json;
using PgFleet.Platform;
using PgFleet.Postgres;

namespace PgFleet.Archives.Helper;

/// <summary>Runs the <see cref="ArchiveCommands"/>.</summary>
internal static class ArchiveProgram
{
    public static bool Handles(string[] args) => args is [ArchiveCommands.ArchiveWal or ArchiveCommands.BaseBackup or ArchiveCommands.CheckBackups or ArchiveCommands.RecoveryWindow or ArchiveCommands.RestoreBackup or ArchiveCommands.ResumeRecovery or ArchiveCommands.SettleArchive or ArchiveCommands.RemoveSharedMemory, ..];

    public static async Task<int> RunAsync(string[] args)
    {
        Posix.CreateFilesForOwnerOnly();
        try
        {
            switch (args)
            {
                case [ArchiveCommands.ArchiveWal, var config, var path, var name]:
                    ArchiveWalCommand.Run(config, path, name);
                    return 0;
                case [ArchiveCommands.BaseBackup, var config]:
                    await BaseBackupCommand.RunAsync(config, CancellationToken.None);
                    return 0;
                case [ArchiveCommands.BaseBackup, var config, ArchiveCommands.Detached, var newest]:
                    Posix.StartSession();
                    await BaseBackupCommand.RunIfFreeAsync(config, newest, CancellationToken.None);
                    return 0;
                case [ArchiveCommands.CheckBackups, var config]:
                    BackupCheckCommand.Run(config);
                    return 0;
                case [ArchiveCommands.RecoveryWindow, var config]:
                    RestoreCommand.Inspect(config);
                    return 0;
                case [ArchiveCommands.RestoreBackup, var config, var folder, var wal, var instant]:
                    await RestoreCommand.RunAsync(config, folder, wal, instant, CancellationToken.None);
                    return 0;
                case [ArchiveCommands.ResumeRecovery, var data, var timeline]:
                    RestoreCommand.Resume(data, timeline);
                    return 0;
                case [ArchiveCommands.SettleArchive, var config]:
                    SettleArchiveCommand.Run(config);
                    return 0;
                case [ArchiveCommands.RemoveSharedMemory, var data]:
                    SharedMemory.Remove(data);
                    return 0;
                default:
                    throw new ArgumentException($"it is called with {args.Length - 1} arguments; the server's configuration writes this call.");
            }
        }
        // Every error must become an ordinary exit status: the archiver takes those above 125 for a signal and terminates.
        catch (Exception failure)
        {
            if (args[0] != ArchiveCommands.ArchiveWal)
            {
                await Console.Out.WriteLineAsync($"failed {JsonSerializer.Serialize(HelperFailure.Of(failure), ArchiveJson.OneLine.HelperFailure)}");
            }
            await Console.Error.WriteLineAsync($"pgfleet {args[0]}: {failure.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }
}
