using PgFleet.Postgres.Wal;

namespace PgFleet.Tests.Archives.Backup;

public sealed class BackupKickTests
{
    [Fact]
    public async Task An_archived_segment_starts_a_backup_when_there_is_none()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.ArchiveAllAsync();
        await Eventually.TrueAsync(() => server.Catalogue.List().Count == 1, "a backup was taken");
        await server.VerifyAsync(server.Catalogue.List()[0]);
    }

    [Fact]
    public async Task An_archived_segment_starts_a_backup_when_the_newest_is_older_than_the_interval()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.TakeBackupAsync();
        await server.ArchiveAllAsync();
        Assert.Null(server.FindBackup());
        await server.ConfigureAsync(server.Config with { IntervalSeconds = 1 });
        await Task.Delay(1100);
        await server.ArchiveAllAsync();
        await Eventually.TrueAsync(() => server.Catalogue.List().Count == 2, "a second backup was taken");
    }

    [Fact]
    public async Task A_backup_that_is_being_taken_does_not_hold_up_archiving()
    {
        await using var server = await ArchivedServer.StartAsync();
        using (await server.HoldBackupsAsync())
        {
            await server.ArchiveAllAsync();
            await Eventually.TrueAsync(() => server.FindBackup() is not null, "a backup has begun");
            await server.ArchiveAllAsync();
            await server.ArchiveAllAsync();
            Assert.Empty(server.Catalogue.List());
        }
        await Eventually.TrueAsync(() => server.Catalogue.List().Count == 1, "the backup was finished");
    }

    [Fact]
    public async Task A_started_backup_outlives_the_process_group_of_the_archiver()
    {
        await using var server = await ArchivedServer.StartAsync();
        var segment = await server.ArchiveOneAsync();
        using (await server.HoldBackupsAsync())
        {
            // The shell leads a process group, as an archiver does, and kills it once a backup has begun.
            var script = $"'{ArchivedServer.Program}' archive-wal '{server.ConfigPath}' '{segment}' {Path.GetFileName(segment)}; "
                + "for _ in $(seq 1000); do "
                + $"readlink /proc/[0-9]*/fd/* 2>/dev/null | grep -qxF '{server.Layout.BackupLock}' && kill -KILL 0; sleep 0.02; done";
            var killed = await Assert.ThrowsAsync<CliWrap.Exceptions.CommandExecutionException>(
                () => ScratchServer.AsServiceUserAsync("setsid", "--wait", "sh", "-c", script));
            Assert.Equal(128 + (int)Signal.Kill, killed.ExitCode);
        }
        await Eventually.TrueAsync(() => server.Catalogue.List().Count == 1, "the backup was finished");
    }

    [Fact]
    public async Task A_started_backup_keeps_neither_streams_nor_folders_of_the_server()
    {
        await using var server = await ArchivedServer.StartAsync();
        var segment = await server.ArchiveOneAsync();
        using (await server.HoldBackupsAsync())
        {
            var data = server.Server.Data;
            // Ends although the backup continues, because the inherited streams are closed.
            await ScratchServer.AsServiceUserAsync(
                "sh", "-c", $"cd '{data}'; exec 7<PG_VERSION; '{ArchivedServer.Program}' archive-wal '{server.ConfigPath}' '{segment}' {Path.GetFileName(segment)}");
            await Eventually.TrueAsync(() => server.FindBackup() is not null, "a backup holds the lock");
            var process = server.FindBackup();
            Assert.Equal("/", new DirectoryInfo($"{process}/cwd").LinkTarget);
            Assert.DoesNotContain($"{data}/PG_VERSION", Directory.GetFiles($"{process}/fd").Select(path => new FileInfo(path).LinkTarget));
            Assert.All(["0", "1", "2"], stream => Assert.Equal("/dev/null", new FileInfo($"{process}/fd/{stream}").LinkTarget));
        }
        await Eventually.TrueAsync(() => server.Catalogue.List().Count == 1, "the backup was finished");
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("damaged inside")]
    [InlineData("cut")]
    public async Task A_gap_in_the_WAL_makes_a_backup_due(string kind)
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.TakeCheckedBackupAsync();
        await server.ArchiveAllAsync();
        await server.ArchiveAllAsync();
        Assert.Single(server.Catalogue.List());
        var last = Directory.GetFiles(server.Layout.Wal).Where(path => Path.GetFileName(path).Length == WalSegment.NameLength).Max(StringComparer.Ordinal)!;
        switch (kind)
        {
            case "missing":
                File.Delete(last);
                break;
            case "cut":
                File.WriteAllBytes(last, File.ReadAllBytes(last)[..8192]);
                break;
            default:
                var bytes = File.ReadAllBytes(last);
                bytes.AsSpan(60, 16).Fill(0x5A);
                File.WriteAllBytes(last, bytes);
                break;
        }
        await server.ArchiveAllAsync();
        await Eventually.TrueAsync(() => server.Catalogue.List().Count == 2, "a backup was taken");
        await server.CheckedAsync(server.Catalogue.List()[1]);
        await server.ArchiveAllAsync();
        Assert.Equal(2, server.Catalogue.List().Count);
    }

    [Fact]
    public async Task A_backup_that_does_not_come_although_it_is_due_is_told()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.TakeCheckedBackupAsync();
        await ScratchServer.AsServiceUserAsync("touch", "-d", "1 hour ago", server.Layout.BackupDue); // as if every backup that starts was killed
        await server.ArchiveAllAsync();
        await Eventually.TrueAsync(() => File.Exists(server.Layout.Complaint), "it complains");
        Assert.Contains("no base backup has come of it since", await File.ReadAllTextAsync(server.Layout.Complaint), StringComparison.Ordinal);
        await server.TakeCheckedBackupAsync();
        Assert.False(File.Exists(server.Layout.Complaint));
    }

    [Fact]
    public async Task A_backup_that_fails_is_not_tried_again_with_every_segment()
    {
        await using var server = await ArchivedServer.StartAsync();
        await File.WriteAllTextAsync(server.Layout.BackupFailure, "No space left on device.");
        await server.ArchiveAllAsync();
        Assert.Null(server.FindBackup());
        File.SetLastWriteTimeUtc(server.Layout.BackupFailure, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-6));
        await server.ArchiveAllAsync();
        await Eventually.TrueAsync(() => server.Catalogue.List().Count == 1, "a backup was taken");
    }
}
