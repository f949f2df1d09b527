using CliWrap;
using CliWrap.Buffered;
using PgFleet.Archives.Helper;
using PgFleet.Archives;

namespace PgFleet.Tests.Archives.Backup;

public sealed class BackupInterruptionTests
{
    [Theory]
    [InlineData("")]
    [InlineData("data/PG_VERSION")]
    [InlineData("data/global/pg_control")]
    [InlineData("data/backup_label")]
    [InlineData("data/backup_manifest")]
    [InlineData("backup.json")]
    public async Task Killed_when_it_has_written_this_it_leaves_no_backup_and_the_next_run_cleans(string file)
    {
        await using var server = await ArchivedServer.StartAsync();
        var running = Running(server, out var kill);
        await WrittenAsync(server, file);
        await kill.CancelAsync();
        await running;
        foreach (var finished in server.Catalogue.List())
        {
            // The kill came too late: the backup must be complete.
            await server.VerifyAsync(finished);
        }

        await server.VerifyAsync(await server.TakeBackupAsync());
        Assert.Empty(server.Leftovers());
        kill.Dispose();
    }

    [Fact]
    public async Task A_server_that_stops_in_the_middle_ends_the_backup()
    {
        await using var server = await ArchivedServer.StartAsync();
        var running = server.BaseBackupAsync();
        await WrittenAsync(server, "");
        Processes.Send(Signal.Stop, running.ProcessId);
        await ScratchServer.AsServiceUserAsync($"{ScratchServer.BinDirectory}/pg_ctl", "-D", server.Server.Data, "-m", "fast", "-W", "stop");
        await Eventually.TrueAsync(() => !File.Exists($"{server.Server.Data}/postmaster.pid"), "the server has stopped");
        Processes.Send(Signal.Continue, running.ProcessId);
        var failed = await running;
        Assert.Equal(1, failed.ExitCode);
        Assert.Single(failed.StandardError.TrimEnd().Split('\n'));
        Assert.Contains("The server \"main\" was stopped, or started again, while the base backup was taken.", failed.StandardError, StringComparison.Ordinal);
        Assert.Empty(server.Catalogue.List());
        Assert.Null(server.Catalogue.FindFailure()); // an interruption is no error, so nothing is reported
        Assert.False(File.Exists(server.Layout.Complaint));

        await ScratchServer.AsServiceUserAsync($"{ScratchServer.BinDirectory}/pg_ctl", "-D", server.Server.Data, "-w", "-l", "/dev/null", "start");
        await server.VerifyAsync(await server.TakeBackupAsync());
        Assert.Empty(server.Leftovers());
        Assert.Null(server.Catalogue.FindFailure());
    }

    [Fact]
    public async Task An_archiver_that_fails_ends_the_backup_with_the_reason()
    {
        await using var server = await ArchivedServer.StartAsync("archive_command = 'false'");
        var failed = await server.BaseBackupAsync();
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("does not archive: the WAL segment 0000000100000000000000", failed.StandardError, StringComparison.Ordinal);
        Assert.Contains("failed, and is tried again: The server \"main\" does not archive", await File.ReadAllTextAsync(server.Layout.Complaint), StringComparison.Ordinal);
        Assert.Empty(server.Catalogue.List());
        Assert.Empty(server.Leftovers());
    }

    [Fact]
    public async Task A_full_disk_ends_the_backup_and_leaves_room_for_wal()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root mounts a small disk.");
        await using var server = await ArchivedServer.StartAsync();
        var archive = server.Config.ArchiveDirectory;
        await Cli.Wrap("mount").WithArguments(["-t", "tmpfs", "-o", "size=16m", "tmpfs", archive]).ExecuteAsync();
        try
        {
            await server.IdentifyAsync();
            var failed = await server.BaseBackupAsync();
            Assert.Equal(1, failed.ExitCode);
            Assert.Contains("No space left on device", failed.StandardError, StringComparison.Ordinal);
            Assert.Empty(server.Leftovers());
            await server.ArchiveAllAsync();

            await Cli.Wrap("mount").WithArguments(["-o", "remount,size=200m", archive]).ExecuteAsync();
            await server.VerifyAsync(await server.TakeBackupAsync());
        }
        finally
        {
            await Cli.Wrap("umount").WithArguments(["--lazy", archive]).ExecuteAsync();
        }
    }

    private static Task Running(ArchivedServer server, out CancellationTokenSource kill)
    {
        kill = new CancellationTokenSource();
        return ArchivedServer.Command(ArchiveCommands.BaseBackup, server.ConfigPath).ExecuteBufferedAsync(kill.Token)
            .Task.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static Task WrittenAsync(ArchivedServer server, string file) => Eventually.TrueAsync(
        () => Directory.Exists(server.Layout.Backups)
            && Directory.GetDirectories(server.Layout.Backups).Any(folder => file.Length == 0 || File.Exists(Path.Combine(folder, file))),
        $"the backup has written \"{file}\"");
}
