using PgFleet.Archives.Backup;
using PgFleet.Platform;
using PgFleet.Postgres.Wal;

namespace PgFleet.Tests.Archives.Backup;

public sealed class BackupCheckTests
{
    private const string Rows = "create table t with (autovacuum_enabled = off) as select i, repeat('x', 100) as x from generate_series(1, 20000) as i; checkpoint";

    [Fact]
    public async Task A_backup_of_whole_pages_is_found_good_in_the_background()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.Server.ScalarAsync(Rows);
        await server.Server.ScalarAsync("create unlogged table u as select generate_series(1, 10000) as i");
        var backup = await server.TakeCheckedBackupAsync();
        Assert.True(backup.IsGood, backup.Check!.Damage);
        Assert.False(File.Exists(server.Layout.Complaint));
    }

    [Fact]
    public async Task Backups_taken_while_sessions_write_are_found_good()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.Server.ScalarAsync("create table t as select i, repeat('x', 500) as x from generate_series(1, 20000) as i");
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await server.Server.ScalarAsync("update t set x = reverse(x) where i % 7 = 0; create table if not exists c as table t; drop table c; checkpoint");
            }
        });
        for (var i = 0; i < 3; i++)
        {
            var backup = await server.TakeCheckedBackupAsync();
            Assert.True(backup.IsGood, backup.Check!.Damage);
        }
        await enough.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Damaged_pages_are_named_and_what_is_older_is_kept()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.ConfigureAsync(server.Config with { RetentionSeconds = 3600 });
        await server.Server.ScalarAsync(Rows);
        var good = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(200));
        Assert.True(good.IsGood, good.Check!.Damage);
        var file = await server.DamageAsync(server.Server.Data, "t", block: 50);
        for (var minutes = 150; minutes >= 0; minutes -= 50)
        {
            var damaged = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(minutes));
            Assert.Equal($"block 50 of {file}", damaged.Check!.Damage);
        }
        Assert.Equal(good, server.Catalogue.List()[0]);
        Assert.Contains($"damaged pages, and older backups are kept for it: block 50 of {file}", await File.ReadAllTextAsync(server.Layout.Complaint), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_the_WAL_of_the_backup_holds_whole_is_no_damage()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.Server.ScalarAsync(Rows);
        var backup = await server.TakeCheckedBackupAsync();
        var file = await server.DamageAsync(server.Catalogue.DataOf(backup), "t", block: 50);
        Assert.Equal($"block 50 of {file}", new BackupCheck(server.Config, server.Layout).FindDamage(backup));

        // As if the server had written the page during the copy: its full-page image precedes the backup's end.
        await server.Server.ScalarAsync("checkpoint; update t set i = i");
        var end = Lsn.Parse((string)(await server.Server.ScalarAsync("select pg_current_wal_insert_lsn()::text"))!);
        await server.ArchiveAllAsync();
        Assert.Null(new BackupCheck(server.Config, server.Layout).FindDamage(backup with { StopLsn = end }));
    }

    [Fact]
    public async Task A_backup_counts_for_pruning_only_once_it_was_found_good()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.ConfigureAsync(server.Config with { RetentionSeconds = 3600 });
        await ScratchServer.AsServiceUserAsync("touch", server.Layout.CheckLock);
        using (FileLock.TryTake(server.Layout.CheckLock))
        {
            for (var minutes = 150; minutes >= 0; minutes -= 50)
            {
                await server.BackdateAsync(await server.TakeBackupAsync(), TimeSpan.FromMinutes(minutes));
            }
            Assert.Equal(4, server.Catalogue.List().Count);
        }
        // By this check, or by one that a backup started earlier.
        await server.CheckAsync();
        await server.CheckEndedAsync();
        Assert.Equal(3, server.Catalogue.List().Count);
        Assert.All(server.Catalogue.List(), backup => Assert.True(backup.IsGood));
    }

    [Fact]
    public async Task What_nobody_has_checked_is_checked_when_the_server_archives_next()
    {
        await using var server = await ArchivedServer.StartAsync();
        var backup = await server.TakeCheckedBackupAsync();
        server.Catalogue.Describe(backup with { Check = null }); // as if the check had been killed
        await server.GiveAwayAsync();
        await server.ArchiveAllAsync();
        await server.CheckedAsync(backup);
    }
}
