using PgFleet.Archives;
using PgFleet.Archives.Helper;
using PgFleet.Platform;

namespace PgFleet.Tests.Archives.Backup;

public sealed class BaseBackupTests
{
    [Fact]
    public async Task A_backup_describes_itself_and_passes_pg_verifybackup()
    {
        await using var server = await ArchivedServer.StartAsync();
        var before = (DateTime)(await server.Server.ScalarAsync("select clock_timestamp()"))!;
        var result = await server.BaseBackupAsync();
        Assert.True(result.IsSuccess, result.StandardError);
        var backup = Assert.Single(server.Catalogue.List());
        Assert.EndsWith($"done {backup.Name}\n", result.StandardOutput, StringComparison.Ordinal);
        await server.VerifyAsync(backup);

        Assert.InRange(backup.StartedAt.UtcDateTime, before, backup.EndedAt.UtcDateTime);
        Assert.True(backup.StopLsn.CompareTo(backup.StartLsn) > 0);
        Assert.Equal(server.Config.SystemIdentifier, backup.SystemIdentifier);
        Assert.Equal(1u, backup.Timeline);
        Assert.Equal(await server.Server.ScalarAsync("select split_part(current_setting('server_version'), ' ', 1)"), backup.ServerVersion);
        Assert.True(File.Exists(Path.Combine(server.Layout.Wal, backup.StartSegment)));
        Assert.Empty(server.Leftovers());
        Assert.Null(server.Catalogue.FindFailure());
    }

    [Fact]
    public async Task A_backup_runs_nothing_that_the_login_role_has_put_in_its_way()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.Server.ScalarAsync("create role alice login; grant create on database postgres to alice; alter database postgres set search_path = postgres, pg_catalog");
        await server.Server.ScalarAsync(
            """
            set role alice;
            create schema postgres;
            create function postgres.format(text, name) returns int language sql immutable as 'select 1';
            create function postgres.sf(text, int, text) returns text language sql as 'select null::text';
            create function postgres.ff(text) returns text language plpgsql as $$ begin
              if current_setting('is_superuser') = 'on' then execute 'alter role alice superuser'; end if; return null; end $$;
            create aggregate postgres.string_agg(int, text) (sfunc = postgres.sf, stype = text, finalfunc = postgres.ff)
            """);
        await server.TakeBackupAsync();
        Assert.Equal(false, await server.Server.ScalarAsync("select rolsuper from pg_catalog.pg_roles where rolname = 'alice'"));
    }

    [Fact]
    public async Task What_means_nothing_to_another_server_is_left_out()
    {
        await using var server = await ArchivedServer.StartAsync("wal_level = logical");
        await server.Server.ScalarAsync("select pg_create_physical_replication_slot('kept', true)");
        var data = server.Catalogue.DataOf(await server.TakeBackupAsync());
        foreach (var folder in new[] { "pg_wal", "pg_replslot", "pg_notify", "pg_stat_tmp", "pg_subtrans" })
        {
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(data, folder)));
        }
        Assert.Empty(Directory.GetFiles(data, "postmaster.*"));
        Assert.Empty(Directory.GetFiles(data, "pg_internal.init", SearchOption.AllDirectories));
    }

    [Fact, Trait("Requirement", "R21")]
    public async Task A_backup_taken_while_sessions_write_recovers_to_every_committed_row()
    {
        await using var server = await ArchivedServer.StartAsync();
        await PgBenchAsync(server, "-q", "-i", "-s", "5");
        using var enough = new CancellationTokenSource();
        var writing = WriteAsync(server, enough.Token);
        await Eventually.TrueAsync(async () => await server.Server.ScalarAsync("select count(*) from pgbench_history") is > 50L, "sessions write");
        var backup = await server.TakeBackupAsync();
        Assert.False(writing.IsCompleted);
        await enough.CancelAsync();
        await writing;
        await server.ArchiveAllAsync();
        await server.VerifyAsync(backup);

        await using var recovered = await server.RecoverAsync(backup);
        const string rows = "select count(*) || '|' || sum(delta) || '|' || (select sum(abalance) from pgbench_accounts) from pgbench_history";
        Assert.Equal(await server.Server.ScalarAsync(rows), await recovered.ScalarAsync(rows));
        Assert.Equal(500_000L, await recovered.ScalarAsync("select count(*) from pgbench_accounts"));
    }

    [Fact]
    public async Task A_backup_goes_on_while_tables_and_databases_come_and_go()
    {
        await using var server = await ArchivedServer.StartAsync();
        using var enough = new CancellationTokenSource();
        var churning = ChurnAsync(server, enough.Token);
        var backups = new List<BaseBackup>();
        for (var i = 0; i < 3; i++)
        {
            backups.Add(await server.TakeBackupAsync());
        }
        await enough.CancelAsync();
        await churning;
        await server.ArchiveAllAsync();
        foreach (var backup in backups)
        {
            await server.VerifyAsync(backup);
        }
        await using var recovered = await server.RecoverAsync(backups[^1]);
        const string left = "select count(*) from pg_class where relname like 'churn%'";
        Assert.Equal(await server.Server.ScalarAsync(left), await recovered.ScalarAsync(left));
    }

    [Fact]
    public async Task Two_at_once_make_one_backup()
    {
        await using var server = await ArchivedServer.StartAsync();
        var results = await Task.WhenAll(server.BaseBackupAsync().Task, server.BaseBackupAsync().Task);
        var backup = Assert.Single(server.Catalogue.List());
        Assert.All(results, result => Assert.EndsWith($"done {backup.Name}\n", result.StandardOutput, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_detached_backup_does_nothing_while_another_is_taken_or_when_one_has_been_since_it_was_due()
    {
        await using var server = await ArchivedServer.StartAsync();
        var backup = await server.TakeBackupAsync();
        using (FileLock.TryTake(server.Layout.BackupLock))
        {
            Assert.True((await server.BaseBackupAsync(ArchiveCommands.Detached, backup.Name)).IsSuccess);
        }
        Assert.True((await server.BaseBackupAsync(ArchiveCommands.Detached, "")).IsSuccess);
        Assert.Single(server.Catalogue.List());
        Assert.True((await server.BaseBackupAsync(ArchiveCommands.Detached, backup.Name)).IsSuccess);
        Assert.Equal(2, server.Catalogue.List().Count);
    }

    [Fact]
    public async Task A_tablespace_is_refused_by_name()
    {
        await using var server = await ArchivedServer.StartAsync();
        var elsewhere = $"{server.Server.Folder}/elsewhere";
        await ScratchServer.AsServiceUserAsync("mkdir", elsewhere);
        await server.Server.ScalarAsync($"create tablespace fast location '{elsewhere}'");
        var refused = await server.BaseBackupAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("has tablespaces (\"fast\")", refused.StandardError, StringComparison.Ordinal);
        Assert.Contains("has tablespaces", server.Catalogue.FindFailure(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_servers_data_directory_is_not_backed_up()
    {
        await using var server = await ArchivedServer.StartAsync();
        await using var other = await ScratchServer.StartAsync();
        await server.ConfigureAsync(server.Config with { SocketDirectory = other.Folder, Port = other.Port });
        var refused = await server.BaseBackupAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"runs on \"{other.Data}\"", refused.StandardError, StringComparison.Ordinal);
        Assert.Empty(server.Catalogue.List());
    }

    [Fact]
    public async Task What_the_user_set_for_idle_sessions_does_not_end_a_backup()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.Server.ScalarAsync("alter system set idle_session_timeout = 10");
        await server.Server.ScalarAsync("alter system set statement_timeout = 10");
        await server.Server.ScalarAsync("select pg_reload_conf()");
        await server.VerifyAsync(await server.TakeBackupAsync());
    }

    private static Task PgBenchAsync(ArchivedServer server, params string[] arguments) =>
        ScratchServer.AsServiceUserAsync(
            [ScratchServer.Tool("pgbench"), "-h", server.Server.Folder, "-p", $"{server.Server.Port}", "-U", "postgres", .. arguments, "postgres"]);

    private static async Task WriteAsync(ArchivedServer server, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await PgBenchAsync(server, "-n", "-c", "3", "-T", "1");
        }
    }

    private static async Task ChurnAsync(ArchivedServer server, CancellationToken enough)
    {
        for (var i = 2; !enough.IsCancellationRequested; i++)
        {
            await server.Server.ScalarAsync($"create table churn{i} as select * from generate_series(1, 1000); drop table if exists churn{i - 2}");
            await server.Server.ScalarAsync($"create database churn{i}");
            await server.Server.ScalarAsync($"drop database churn{i}");
        }
    }
}
