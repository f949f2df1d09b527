using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>A server that was deleted is restored from what is kept of it, as one that is stopped.</summary>
[Trait("Requirement", "R20")]
public sealed class DeletedSourceTests
{
    [Fact]
    public async Task A_deleted_server_is_restored_to_any_instant_and_to_its_very_last_commit()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var instant = await home.NowAsync();
        await home.RunAsync("insert into kept values (2)");
        await DeleteAsync(home);

        Assert.Empty(await home.ProblemsAsync(instant));
        Assert.Equal("1", await RowsAsync(home, instant));
        Assert.Equal("1,2", await RowsAsync(home, null));
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
        await DeleteAsync(home);
        Assert.Equal("1", await RowsAsync(home, null));
        await home.Home.Engine.PurgeAsync("main", TestHome.Unhurried());

        await home.BeginAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (2)");
        await home.Home.Engine.StopAsync("main", byUser: true, CancellationToken.None);
        await DeleteAsync(home);
        Assert.Equal("2", await RowsAsync(home, null));
        await home.Home.Engine.PurgeAsync("main", TestHome.Unhurried());

        await home.BeginAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (3)");
        await home.ArchiveAllAsync();
        await home.Home.KillAsync();
        Directory.Delete(home.Home.Paths().Data, recursive: true);
        await DeleteAsync(home);
        Assert.Equal("3", await RowsAsync(home, null));
    }

    /// <summary>What it wrote stays where it wrote it, until there is room in the archive.</summary>
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
        await DeleteAsync(home);
        Assert.Equal("1,2", await RowsAsync(home, null));

        var kept = Assert.Single(Directory.EnumerateDirectories(Path.Combine(home.Home.Folder, "deleted")));
        Assert.Equal(["pg_wal"], Directory.EnumerateFileSystemEntries(Path.Combine(kept, "data")).Select(Path.GetFileName));
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(kept, "archive", "wal")))
        {
            Directory.Delete(folder);
        }
        await ScratchServer.AsServiceUserAsync("chmod", "u+w", Path.Combine(kept, "archive", "wal"));
        await home.Home.CreateAsync(TestHome.Spec("other"));
        Assert.False(Directory.Exists(Path.Combine(kept, "data")));
        Assert.Equal("1,2", await RowsAsync(home, null));
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
            // Where not even a description can be written, it is there, stopped. A server that stops may leave room for that.
            disk.FillUpWholly();
            if (await Record.ExceptionAsync(() => DeleteAsync(home)) is { } full)
            {
                Assert.Equal(FailureKind.Exhausted, Assert.IsType<ResourceFailure>(full).Kind);
                Assert.Equal(ServerStatus.Stopped, (await home.Home.Engine.FindAsync("main", CancellationToken.None))!.Status);
                Assert.Empty(await KeptAsync(home));
            }
            disk.MakeRoom();
            disk.FillUp(megabytesLeft: 0);
        }
        await DeleteAsync(home);
        Assert.Null(await home.Home.Engine.FindAsync("main", CancellationToken.None));
        Assert.Single(await KeptAsync(home));

        disk.MakeRoom();
        Assert.Equal("1,2", await RowsAsync(home, null));
        var kept = Assert.Single(Directory.EnumerateDirectories(Path.Combine(home.Home.Folder, "deleted")));
        Assert.Equal(["archive", "archive.json", "deleted.json", "record.json"], Directory.EnumerateFileSystemEntries(kept).Select(Path.GetFileName).Order());
        Assert.Equal("1,2", await RowsAsync(home, null));
    }

    [Fact]
    public async Task A_deletion_that_was_killed_after_it_freed_the_name_leaves_what_can_be_restored()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        await Assert.ThrowsAsync<InvalidOperationException>(() => home.Home.Engine.DeleteAsync("main", new(CancellationToken.None, new Acts("freed the name", () => throw new InvalidOperationException()))));
        Assert.Null(await home.Home.Engine.FindAsync("main", CancellationToken.None));
        Assert.Equal("1", await RowsAsync(home, null));
    }

    [Fact]
    public async Task A_new_server_of_the_name_is_another_and_what_is_kept_of_the_old_one_stays_as_it_is()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var first = await home.NowAsync();
        await DeleteAsync(home);
        var kept = Assert.Single(await KeptAsync(home));
        var before = Files(home);

        await home.BeginAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (2)");
        var second = await home.NowAsync();
        Assert.Equal("2", await RowsAsync(home, second));
        Assert.Equal("2", await RowsAsync(home, null));

        // The one that is there is meant, and the refusal names the other.
        var problem = Assert.Single(await home.ProblemsAsync(first));
        Assert.Equal("restoreTime", problem.Path);
        Assert.Contains($"\"{kept.Identity}\"", problem.Reason, StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(first));
        Assert.Contains($"\"{kept.Identity}\"", refusal.Message, StringComparison.Ordinal);

        Assert.Equal("1", await RowsAsync(home, first, kept.Identity));
        Assert.Equal("1", await RowsAsync(home, null, kept.Identity));
        Assert.Equal(before, Files(home));
    }

    [Fact]
    public async Task Of_two_that_were_deleted_the_one_is_meant_whose_window_holds_the_instant()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var first = await home.NowAsync();
        await home.RunAsync("insert into kept values (10)");
        await DeleteAsync(home);
        await home.BeginAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (2)");
        var second = await home.NowAsync();
        await home.RunAsync("insert into kept values (20)");
        await DeleteAsync(home);

        Assert.Equal("1", await RowsAsync(home, first));
        Assert.Equal("2", await RowsAsync(home, second));

        var kept = await KeptAsync(home);
        var problem = Assert.Single(await home.ProblemsAsync(null));
        Assert.Equal("sourceInstance", problem.Path);
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(null));
        Assert.All(kept, server => Assert.Contains($"\"{server.Identity}\" (deleted at", refusal.Message, StringComparison.Ordinal));
        Assert.All(kept, server => Assert.Contains($"\"{server.Identity}\" (deleted at", problem.Reason, StringComparison.Ordinal));
        Assert.Equal("2,20", await RowsAsync(home, null, kept[1].Identity));

        var unknown = Assert.Single(await home.ProblemsAsync(first, "main@00000000"));
        Assert.Contains(kept[0].Identity, unknown.Reason, StringComparison.Ordinal);
    }

    /// <summary>Its password then, and not the one of whoever bears the name now.</summary>
    [Fact]
    public async Task A_copy_has_nothing_of_the_server_that_bears_its_source_s_name_by_now()
    {
        await using var home = await RestoreHome.StartAsync();
        await DeleteAsync(home);
        var kept = Assert.Single(await KeptAsync(home));
        await home.Home.CreateAsync(TestHome.Spec(password: "an0ther-s3cret-of-the-test"));
        var copy = await home.RestoreAsync(null, kept.Identity);
        Assert.Equal(1, await TestHome.AskAsync(copy, "select 1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deletion_that_comes_while_a_restore_copies_waits_for_it(bool keeps)
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with { Backup = spec.Backup with { OnDelete = keeps ? ArchiveOnDelete.Keep : ArchiveOnDelete.Delete } });
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var waits = new TaskCompletionSource();
        var deleted = Task.CompletedTask;
        var copy = await home.CreateAsync("copy", null, new(CancellationToken.None, new Acts("reaching the instant", () =>
        {
            deleted = new LocalEngine(home.Home.Options, TimeProvider.System).DeleteAsync("main", new(CancellationToken.None, new Acts("waiting for the restore of \"copy\", which copies its archive,", waits.SetResult)));
            waits.Task.Wait(TimeSpan.FromMinutes(1));
        })));
        await deleted;
        Assert.True(waits.Task.IsCompletedSuccessfully);
        Assert.Equal("1", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',') from kept"));
        Assert.Null(await home.Home.Engine.FindAsync("main", CancellationToken.None));
        Assert.Equal(keeps ? 1 : 0, (await KeptAsync(home)).Count);
    }

    [Fact]
    public async Task A_restore_that_comes_while_its_source_is_deleted_waits_and_reads_what_is_kept()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        Task<MadeServer>? copy = null;
        await home.Home.Engine.DeleteAsync("main", new(CancellationToken.None, new Acts("stopped the server", () => copy = home.CreateAsync("copy", null, new(CancellationToken.None)))));
        Assert.Equal("1", await RestoreHome.AskAsync(await copy!, "select string_agg(id::text, ',') from kept"));
    }

    [Fact]
    public async Task Whoever_looks_at_a_source_while_it_is_deleted_finds_it_where_it_was_or_where_it_is_kept()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var instant = await home.NowAsync();
        await home.RunAsync("insert into kept values (2)");
        var isDeleted = false;
        var looks = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var told = new List<string>();
            while (!Volatile.Read(ref isDeleted))
            {
                told.AddRange((await home.ProblemsAsync(instant)).Select(problem => problem.Reason));
            }
            return told;
        })).ToList();
        await DeleteAsync(home);
        Volatile.Write(ref isDeleted, true);
        Assert.All(await Task.WhenAll(looks), Assert.Empty);
    }

    /// <summary>A restore that waits for nothing but its next attempt is not left without its source.</summary>
    [Fact]
    public async Task A_source_whose_archive_goes_with_it_is_not_deleted_while_a_restore_that_was_killed_would_go_on_from_it()
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with { Backup = spec.Backup with { OnDelete = ArchiveOnDelete.Delete } });
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        await home.RestoreAsync(null, "copy", "main");
        // As a kill before it had copied anything would have left it.
        var record = home.Home.Record("copy")! with { State = RecordState.Building };
        await home.Home.Engine.DeleteAsync("copy", TestHome.Unhurried());
        new Registry(new(home.Home.Folder)).Write(record with { InstanceId = Guid.NewGuid() });

        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => DeleteAsync(home));
        Assert.Contains("the restore of \"copy\" from it was interrupted", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("pgfleet delete copy", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ServerStatus.Available, (await home.Home.Engine.FindAsync("main", CancellationToken.None))!.Status);

        await home.Home.Engine.DeleteAsync("copy", TestHome.Unhurried());
        await DeleteAsync(home);
        Assert.Null(await home.Home.Engine.FindAsync("main", CancellationToken.None));
    }

    /// <summary>Begun before, it goes on with the same server, whoever bears the name by then.</summary>
    [Fact]
    public async Task A_restore_that_was_killed_goes_on_when_its_source_has_been_deleted_and_made_anew()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var instant = await home.NowAsync();
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => home.CreateAsync("copy", instant, new(cancel.Token, new Acts("copied the base backup", cancel.Cancel))));
        await DeleteAsync(home);
        await home.BeginAsync();
        var copy = await home.CreateAsync("copy", instant, new(CancellationToken.None));
        Assert.Equal("1", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',') from kept"));
    }

    private static Task DeleteAsync(RestoreHome home) => home.Home.Engine.DeleteAsync("main", TestHome.Unhurried());

    private static async Task<List<DeletedServer>> KeptAsync(RestoreHome home) => await home.Home.Engine.ListDeletedAsync(CancellationToken.None).ToListAsync();

    private static async Task<string> RowsAsync(RestoreHome home, DateTimeOffset? instant, string source = "main") =>
        await RestoreHome.AskAsync(await home.RestoreAsync(instant, source), "select string_agg(id::text, ',' order by id) from kept");

    private static List<(string, long, DateTime)> Files(RestoreHome home) =>
        [.. new DirectoryInfo(Path.Combine(home.Home.Folder, "deleted")).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => !file.Name.EndsWith(".lock", StringComparison.Ordinal))
            .Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc)).OrderBy(file => file.FullName, StringComparer.Ordinal)];

    private sealed class Acts(string step, Action act) : IProgress<Step>
    {
        private bool acted;

        public void Report(Step value)
        {
            if (value.Name == step && !acted)
            {
                acted = true;
                act();
            }
        }
    }
}
