using PgFleet.Engines;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>A deleted server is restored from its kept archive, like a stopped one.</summary>
[Trait("Requirement", "R21")]
public sealed class DeletedSourceTests
{
    [Fact]
    public async Task A_deleted_server_is_restored_to_any_instant_and_to_its_very_last_commit()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var instant = await home.NowAsync();
        await home.RunAsync("insert into kept values (2)");
        await home.DeleteSourceAsync();

        Assert.Empty(await home.ProblemsAsync(instant));
        Assert.Equal("1", await home.RowsAsync(instant));
        Assert.Equal("1,2", await home.RowsAsync(null));
        var window = await home.WindowAsync();
        Assert.Equal(window.Instance, window.Deleted!.Identity);
        Assert.Null(window.Refusal(instant));
        Assert.NotNull(window.Refusal(DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task So_is_one_that_was_killed_stopped_or_had_lost_its_data()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        await home.Home.KillAsync();
        await home.DeleteSourceAsync();
        Assert.Equal("1", await home.RowsAsync(null));
        await home.Home.Engine.PurgeAsync("main", TestHome.Unhurried());

        await home.BeginAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (2)");
        await home.Home.Engine.StopAsync("main", byUser: true, CancellationToken.None);
        await home.DeleteSourceAsync();
        Assert.Equal("2", await home.RowsAsync(null));
        await home.Home.Engine.PurgeAsync("main", TestHome.Unhurried());

        await home.BeginAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (3)");
        await home.ArchiveAllAsync();
        await home.Home.KillAsync();
        home.Home.LoseData();
        await home.DeleteSourceAsync();
        Assert.Equal("3", await home.RowsAsync(null));
    }

    /// <summary>Unarchived WAL stays in pg_wal until there is space in the archive.</summary>
    [Fact]
    public async Task One_that_could_not_archive_is_restored_from_its_own_WAL_and_that_is_archived_once_it_can_be()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var wal = Path.Combine(home.Home.Paths().Archive, "wal");
        await ScratchServer.AsServiceUserAsync("chmod", "a-w", wal);
        foreach (var name in Enumerable.Range(0, 40).Select(next => $"0000000100000000{next:X8}").Where(name => !File.Exists(Path.Combine(wal, name))))
        {
            Directory.CreateDirectory(Path.Combine(wal, name));
        }
        await home.RunAsync("insert into kept values (2)");
        await home.DeleteSourceAsync();
        Assert.Equal("1,2", await home.RowsAsync(null));

        var kept = Assert.Single(Directory.EnumerateDirectories(Path.Combine(home.Home.Folder, "deleted")));
        Assert.Equal(["pg_wal"], Directory.EnumerateFileSystemEntries(Path.Combine(kept, "data")).Select(Path.GetFileName));
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(kept, "archive", "wal")))
        {
            Directory.Delete(folder);
        }
        await ScratchServer.AsServiceUserAsync("chmod", "u+w", Path.Combine(kept, "archive", "wal"));
        await home.Home.CreateAsync(TestHome.Spec("other"));
        Assert.False(Directory.Exists(Path.Combine(kept, "data")));
        Assert.Equal("1,2", await home.RowsAsync(null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_disk_loses_nothing_of_a_server_that_is_deleted(bool isWhollyFull)
    {
        Assert.SkipUnless(SmallDisk.IsPossible, "Only root mounts a small disk.");
        await using var home = new RestoreHome();
        await using var disk = await SmallDisk.MountAsync(home.Home.Folder, megabytes: 600);
        await home.BeginAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        disk.FillUp(megabytesLeft: 0);
        await home.RunAsync("insert into kept values (2)");
        if (isWhollyFull)
        {
            // Where not even a description can be written, the server still exists, stopped. Stopping it may free space for that.
            disk.FillUpWholly();
            if (await Record.ExceptionAsync(() => home.DeleteSourceAsync()) is { } full)
            {
                Assert.Equal(FailureKind.Exhausted, Assert.IsType<ResourceFailure>(full).Kind);
                Assert.Equal(ServerStatus.Stopped, (await home.Home.Engine.FindAsync("main", CancellationToken.None))!.Status);
                Assert.Empty(await home.KeptAsync());
            }
            disk.MakeRoom();
            disk.FillUp(megabytesLeft: 0);
        }
        await home.DeleteSourceAsync();
        Assert.Null(await home.Home.Engine.FindAsync("main", CancellationToken.None));
        Assert.Single(await home.KeptAsync());

        disk.MakeRoom();
        Assert.Equal("1,2", await home.RowsAsync(null));
        var kept = Assert.Single(Directory.EnumerateDirectories(Path.Combine(home.Home.Folder, "deleted")));
        Assert.Equal(["archive", "archive.json", "deleted.json", "record.json"], Directory.EnumerateFileSystemEntries(kept).Select(Path.GetFileName).Order());
        Assert.Equal("1,2", await home.RowsAsync(null));
    }

    [Fact]
    public async Task A_deletion_that_was_killed_after_it_freed_the_name_leaves_what_can_be_restored()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        await Assert.ThrowsAsync<InvalidOperationException>(() => home.Home.Engine.DeleteAsync("main", new(CancellationToken.None, new ActsAt("freed the name", () => throw new InvalidOperationException()))));
        Assert.Null(await home.Home.Engine.FindAsync("main", CancellationToken.None));
        Assert.Equal("1", await home.RowsAsync(null));
    }

    [Fact]
    public async Task A_new_server_of_the_name_is_another_and_what_is_kept_of_the_old_one_stays_as_it_is()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var first = await home.NowAsync();
        await home.DeleteSourceAsync();
        var kept = Assert.Single(await home.KeptAsync());
        var before = Files(home);

        await home.BeginAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (2)");
        var second = await home.NowAsync();
        Assert.Equal("2", await home.RowsAsync(second));
        Assert.Equal("2", await home.RowsAsync(null));

        // The existing server is meant, and the refusal names the other.
        var problem = Assert.Single(await home.ProblemsAsync(first));
        Assert.Equal("restoreTime", problem.Path);
        Assert.Contains($"\"{kept.Identity}\"", problem.Reason.ToString(), StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(first));
        Assert.Contains($"\"{kept.Identity}\"", refusal.Message, StringComparison.Ordinal);

        Assert.Equal("1", await home.RowsAsync(first, kept.Identity));
        Assert.Equal("1", await home.RowsAsync(null, kept.Identity));
        Assert.Equal(before, Files(home));
    }

    [Fact]
    public async Task Of_two_that_were_deleted_the_one_is_meant_whose_window_holds_the_instant()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var first = await home.NowAsync();
        await home.RunAsync("insert into kept values (10)");
        await home.DeleteSourceAsync();
        await home.BeginAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (2)");
        var second = await home.NowAsync();
        await home.RunAsync("insert into kept values (20)");
        await home.DeleteSourceAsync();

        Assert.Equal("1", await home.RowsAsync(first));
        Assert.Equal("2", await home.RowsAsync(second));

        var kept = await home.KeptAsync();
        var problem = Assert.Single(await home.ProblemsAsync(null));
        Assert.Equal("sourceInstance", problem.Path);
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(null));
        Assert.All(kept, server => Assert.Contains($"\"{server.Identity}\" (deleted at", refusal.Message, StringComparison.Ordinal));
        Assert.All(kept, server => Assert.Contains($"\"{server.Identity}\" (deleted at", problem.Reason.ToString(), StringComparison.Ordinal));
        Assert.Equal("2,20", await home.RowsAsync(null, kept[1].Identity));

        var unknown = Assert.Single(await home.ProblemsAsync(first, "main@00000000"));
        Assert.Contains(kept[0].Identity, unknown.Reason.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The password of that time, and not that of the server that has the name now.</summary>
    [Fact]
    public async Task A_copy_has_nothing_of_the_server_that_bears_its_source_s_name_by_now()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.DeleteSourceAsync();
        var kept = Assert.Single(await home.KeptAsync());
        await home.Home.CreateAsync(TestHome.Spec(password: "an0ther-s3cret-of-the-test"));
        var copy = await home.RestoreAsync(null, kept.Identity);
        Assert.Equal(1, await TestHome.AskAsync(copy, "select 1"));
    }

    private static List<(string, long, DateTime)> Files(RestoreHome home) =>
        [.. new DirectoryInfo(Path.Combine(home.Home.Folder, "deleted")).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => !file.Name.EndsWith(".lock", StringComparison.Ordinal))
            .Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc)).OrderBy(file => file.FullName, StringComparer.Ordinal)];
}
