using Npgsql;
using PgFleet.Archives;
using PgFleet.Failures;
using PgFleet.Postgres.Wal;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>An interrupted drop leaves a database that accepts only another drop. It blocks no restore.</summary>
[Trait("Requirement", "R21")]
public sealed class InvalidDatabaseTests
{
    [Fact]
    public async Task A_drop_that_was_cancelled_keeps_nothing_later_from_being_restored()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunInAsync("postgres", "create database junk");
        await home.RunInAsync("junk", "create table kept (id int)", "insert into kept values (5)");
        var whole = await home.NowAsync();
        await CancelDropAsync(home);
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var later = await home.NowAsync();

        foreach (var instant in (DateTimeOffset?[])[later, null])
        {
            home.Warnings.Clear();
            var copy = await home.RestoreAsync(instant);
            Assert.Equal("1", await RestoreHome.AskAsync(copy, "select id from kept"));
            Assert.Contains(home.Warnings, warning => warning.Contains("\"junk\"", StringComparison.Ordinal) && warning.Contains("a drop had broken off", StringComparison.Ordinal));
            await RestoreHome.AskAsync(copy, "drop database junk", "postgres");
        }
        var before = await home.RestoreAsync(whole);
        Assert.Equal("5", await RestoreHome.AskAsync(before, "select id from kept", "junk"));
    }

    /// <summary>Its files are deleted, and no end of its transaction is ever written.</summary>
    [Fact]
    public async Task A_crash_between_the_removal_of_the_files_and_the_commit_of_the_drop_keeps_nothing_later_from_being_restored()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunInAsync("postgres", "create database junk");
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        await home.RunInAsync("postgres", "drop database junk");
        await home.Home.KillAsync();
        await CutLastCommitAsync(home);

        // The end of the WAL is the crash itself.
        Assert.Equal("1", await RestoreHome.AskAsync(await home.RestoreAsync(null), "select id from kept"));
        await home.Home.Engine.StartAsync("main", byUser: true, CancellationToken.None);
        Assert.Equal(-2, await home.Home.AskAdminAsync("select datconnlimit from pg_database where datname = 'junk'"));
        await home.RunAsync("insert into kept values (2)");

        var copy = await home.RestoreAsync(await home.NowAsync());

        Assert.Equal("2", await RestoreHome.AskAsync(copy, "select max(id) from kept"));
        Assert.Contains(home.Warnings, warning => warning.Contains("\"junk\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restore_that_no_retry_mends_leaves_neither_server_nor_name()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunInAsync("postgres", "create database junk");
        await home.RunAsync("create table kept (id int)");
        // No drop, and no files in any backup: like an interrupted drop on a server that does not mark it.
        await home.BackUpAsync();
        var oid = await home.Home.AskAdminAsync("select oid::text from pg_database where datname = 'junk'");
        Directory.Delete(Path.Combine(home.Home.Paths().Data, "base", $"{oid}"), recursive: true);
        await home.BackUpAsync();
        await home.RunAsync("insert into kept values (1)");

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(null, "copy", "main"));

        Assert.Contains("\"junk\"", failure.Message, StringComparison.Ordinal);
        Assert.Null(home.Home.Record("copy"));
        Assert.Null(home.Home.Pid("copy"));
        Assert.False(Directory.Exists(home.Home.Paths("copy").Folder));
    }

    /// <summary>Cancels a drop that has marked the database, and waits for a checkpoint before it removes anything.</summary>
    private static async Task CancelDropAsync(RestoreHome home)
    {
        var checkpointer = (int)(await home.Home.AskAdminAsync("select pid from pg_stat_activity where backend_type = 'checkpointer'"))!;
        Processes.Send(Signal.Stop, checkpointer);
        try
        {
            var drop = home.RunInAsync("postgres", "drop database junk");
            await Eventually.TrueAsync(async () => await home.Home.AskAdminAsync("select datconnlimit from pg_database where datname = 'junk'") is -2, "the drop has begun");
            await Eventually.TrueAsync(
                async () => await home.Home.AskAdminAsync("select pg_cancel_backend(pid) from pg_stat_activity where query = 'drop database junk' and state = 'active'") is null, "the drop is cancelled");
            await Assert.ThrowsAsync<PostgresException>(() => drop);
        }
        finally
        {
            Processes.Send(Signal.Continue, checkpointer);
        }
    }

    /// <summary>Cuts the WAL as if the server had died a moment earlier.</summary>
    private static async Task CutLastCommitAsync(RestoreHome home)
    {
        var config = ArchiveConfig.Read(home.Home.Paths().ArchiveConfig);
        var segments = WalSegments.Of(config, new(config.ArchiveDirectory));
        var first = segments.FindFirst(home.Backups()[^1])!.Value;
        var commit = default(Lsn);
        using (var reader = segments.Read(first, first.Start))
        {
            while (reader.TryRead(out var record))
            {
                commit = TransactionEnd.Find(record) is { IsCommit: true } end ? end.Position : commit;
            }
        }
        var segment = first with { Number = (ulong)commit / (ulong)first.Size };
        await using var file = new FileStream(Path.Combine(config.DataDirectory, "pg_wal", segment.Name), FileMode.Open, FileAccess.Write);
        file.Position = (long)((ulong)commit - (ulong)segment.Start);
        await file.WriteAsync(new byte[first.Size - file.Position]);
    }
}
