using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Failures;
using PgFleet.Postgres;

namespace PgFleet.Tests.Engines.Local.Deletion;

public sealed class DeletionTests
{
    [Fact]
    [Trait("Requirement", "R31")]
    public async Task Leaves_its_record_and_its_archive_and_nothing_else()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        var pid = home.Pid();
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.False(Directory.Exists(home.Paths().Folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Folder, "trash")));
        var kept = Assert.Single(Directory.EnumerateDirectories(Path.Combine(home.Folder, "deleted")));
        Assert.Equal(["archive", "archive.json", "deleted.json", "record.json"], Directory.EnumerateFileSystemEntries(kept).Select(Path.GetFileName).Order());
    }

    [Fact]
    [Trait("Requirement", "R31")]
    public async Task Leaves_nothing_where_the_archive_is_to_go_too()
    {
        await using var home = new TestHome();
        await home.CreateAsync(Gone(TestHome.Spec()));
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        Assert.False(Directory.Exists(home.Paths().Folder));
        Assert.All(["trash", "deleted"], folder => Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Folder, folder))));
        Assert.Empty(await KeptAsync(home));
    }

    /// <summary>PostgreSQL removes shared memory at the next start on the same data, which does not happen after a deletion.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "R31")]
    public async Task Leaves_no_shared_memory_of_a_server_that_was_killed(bool isKept)
    {
        await using var home = new TestHome();
        await home.CreateAsync(isKept ? TestHome.Spec() : Gone(TestHome.Spec()));
        Assert.Null(SharedMemory.Find(home.Paths().Data)); // it is in use
        await home.KillAsync();
        var left = SharedMemory.Find(home.Paths().Data)!;
        Assert.NotEmpty(left.Files);
        Assert.All(left.Files, file => Assert.True(File.Exists(file), file));
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        Assert.All(left.Files, file => Assert.False(File.Exists(file), file));
        Assert.DoesNotContain($"{left.Segment}", File.ReadLines("/proc/sysvipc/shm").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
    }

    [Fact]
    [Trait("Requirement", "R31")]
    public async Task An_archive_that_lies_elsewhere_stays_where_it_is_or_goes_along()
    {
        await using var home = new TestHome();
        await using var elsewhere = await BackupDisk.MakeAsync();
        await home.CreateAsync(elsewhere.Spec());
        var archive = Assert.Single(Directory.EnumerateDirectories(elsewhere.Folder, "main-*"));
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        Assert.Equal([archive], Directory.EnumerateFileSystemEntries(elsewhere.Folder));

        await home.CreateAsync(Gone(elsewhere.Spec()));
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        Assert.Equal([archive], Directory.EnumerateFileSystemEntries(elsewhere.Folder));

        await home.Engine.PurgeAsync("main", TestHome.Unhurried());
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere.Folder));
        Assert.Empty(await KeptAsync(home));
    }

    [Theory]
    [InlineData("stopped the server", true)]
    [InlineData("freed the name", true)]
    [InlineData("stopped the server", false)]
    [InlineData("freed the name", false)]
    public async Task Is_finished_by_the_next_when_it_was_killed(string step, bool keeps)
    {
        await using var home = new TestHome();
        await using var elsewhere = await BackupDisk.MakeAsync();
        await home.CreateAsync(keeps ? elsewhere.Spec() : Gone(elsewhere.Spec()));
        await Assert.ThrowsAsync<KilledException>(() => home.Engine.DeleteAsync("main", new(CancellationToken.None, KillsAt(step))));
        await new LocalEngine(home.Options, TimeProvider.System).DeleteAsync("main", TestHome.Unhurried());
        Assert.False(Directory.Exists(home.Paths().Folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Folder, "trash")));
        Assert.Equal(keeps ? 1 : 0, Directory.EnumerateFileSystemEntries(elsewhere.Folder).Count());
        var kept = Directory.EnumerateDirectories(Path.Combine(home.Folder, "deleted")).SelectMany(Directory.EnumerateFileSystemEntries).Select(Path.GetFileName);
        Assert.Equal(keeps ? ["archive.json", "deleted.json", "record.json"] : [], kept.Order());
    }

    [Fact]
    public async Task Any_work_of_the_fleet_finishes_one_that_was_killed_and_no_look_does()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await Assert.ThrowsAsync<KilledException>(() => home.Engine.DeleteAsync("main", new(CancellationToken.None, KillsAt("freed the name"))));
        var data = Path.Combine(Assert.Single(Directory.EnumerateDirectories(Path.Combine(home.Folder, "deleted"))), "data");
        // As the kill of the process would have left it: restores what the test's own engine cleaned up afterwards.
        Directory.CreateDirectory(data);

        Assert.Null(await home.Engine.FindAsync("main", CancellationToken.None));
        Assert.Single(await KeptAsync(home));
        Assert.True(Directory.Exists(data));

        await home.CreateAsync(TestHome.Spec("other"));
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task One_that_is_cancelled_after_the_name_was_freed_goes_through()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        using var cancel = new CancellationTokenSource();
        await home.Engine.DeleteAsync("main", new(cancel.Token, new ActsAt("freed the name", cancel.Cancel)));
        Assert.True(cancel.IsCancellationRequested);
        Assert.Single(await KeptAsync(home));
    }

    [Fact]
    public async Task Follows_no_link_that_a_server_made()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        var treasure = Directory.CreateTempSubdirectory("pgf-treasure-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(treasure, "kept"), "");
            await ScratchServer.AsServiceUserAsync("ln", "-s", treasure, Path.Combine(home.Paths().Data, "link"));
            await home.Engine.DeleteAsync("main", TestHome.Unhurried());
            await home.Engine.PurgeAsync("main", TestHome.Unhurried());
            Assert.True(File.Exists(Path.Combine(treasure, "kept")));
        }
        finally
        {
            Directory.Delete(treasure, recursive: true);
        }
    }

    [Fact]
    public async Task A_server_that_was_never_finished_leaves_nothing()
    {
        await using var home = new TestHome();
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => home.Engine.CreateAsync(TestHome.Spec(), new(cancel.Token, new ActsAt("started the server", cancel.Cancel))));
        Assert.Equal(ServerStatus.Unfinished, (await home.Engine.FindAsync("main", CancellationToken.None))!.Status);
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        Assert.Empty(await KeptAsync(home));
        Assert.All(["trash", "deleted", "instances"], folder => Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Folder, folder))));
    }

    [Fact]
    public async Task A_server_whose_record_is_gone_or_damaged_is_not_touched()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        var record = await File.ReadAllTextAsync(home.Paths().Record);
        await File.WriteAllTextAsync(home.Paths().Record, record[..100]);
        await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.DeleteAsync("main", TestHome.Unhurried()));
        File.Delete(home.Paths().Record);
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.DeleteAsync("main", TestHome.Unhurried()));
        Assert.Contains("its record is gone", refusal.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(home.Paths().Record, record);
        Assert.Equal(ServerStatus.Available, (await home.Engine.FindAsync("main", CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Tells_until_when_the_archive_is_kept_and_how_to_use_and_to_remove_it()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        var told = new List<string>();
        await home.Engine.DeleteAsync("main", new(CancellationToken.None, warn: text => told.Add(text.ToString())));
        var kept = Assert.Single(await KeptAsync(home));
        Assert.Equal(TimeSpan.FromHours(24), kept.KeptUntil - kept.DeletedAt);
        var text = Assert.Single(told);
        Assert.Contains(RecoveryWindow.Time(kept.KeptUntil), text, StringComparison.Ordinal);
        Assert.Contains($"sourceInstance is \"{kept.Identity}\"", text, StringComparison.Ordinal);
        Assert.Contains($"pgfleet purge {kept.Identity}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_purge_that_could_mean_two_lists_both_and_removes_neither()
    {
        await using var home = new TestHome();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await home.CreateAsync();
            await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        }
        var kept = await KeptAsync(home);
        Assert.Equal(2, kept.Count);
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.PurgeAsync("main", TestHome.Unhurried()));
        Assert.All(kept, server => Assert.Contains(server.Identity, refusal.Message, StringComparison.Ordinal));
        Assert.Equal(kept, await KeptAsync(home));

        Assert.Equal(kept[0].Identity, await home.Engine.PurgeAsync(kept[0].Identity, TestHome.Unhurried()));
        Assert.Equal([kept[1]], await KeptAsync(home));
        Assert.Equal(FailureKind.Missing, (await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.PurgeAsync(kept[0].Identity, TestHome.Unhurried()))).Kind);
    }

    [Fact]
    public async Task A_purge_of_a_server_that_is_there_touches_nothing()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.PurgeAsync("main", TestHome.Unhurried()));
        Assert.Contains("is not deleted", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ServerStatus.Available, (await home.Engine.FindAsync("main", CancellationToken.None))!.Status);
    }

    private static ServerSpec Gone(ServerSpec spec) => spec with { Backup = spec.Backup with { OnDelete = ArchiveOnDelete.Delete } };

    private static async Task<IReadOnlyList<DeletedServer>> KeptAsync(TestHome home) => await home.Engine.ListDeletedAsync(CancellationToken.None);

    /// <summary>Throws at a step, as a kill of the process would end the operation.</summary>
    private static ActsAt KillsAt(string step) => new(step, () => throw new KilledException());

    private sealed class KilledException : Exception;
}
