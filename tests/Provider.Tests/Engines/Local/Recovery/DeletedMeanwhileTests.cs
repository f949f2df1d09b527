using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>A source that is deleted while it is restored or read.</summary>
[Trait("Requirement", "R21")]
public sealed class DeletedMeanwhileTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deletion_that_comes_while_a_restore_copies_waits_for_it(bool keeps)
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with { Backup = spec.Backup with { OnDelete = keeps ? ArchiveOnDelete.Keep : ArchiveOnDelete.Delete } });
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var waits = new TaskCompletionSource();
        var deleted = Task.CompletedTask;
        var copy = await home.CreateAsync("copy", null, new(CancellationToken.None, new ActsAt("reaching the instant", () =>
        {
            deleted = new LocalEngine(home.Home.Options, TimeProvider.System).DeleteAsync("main", new(CancellationToken.None, new ActsAt("waiting for the restore of \"copy\", which copies its archive,", waits.SetResult)));
            waits.Task.Wait(TimeSpan.FromMinutes(1));
        })));
        await deleted;
        Assert.True(waits.Task.IsCompletedSuccessfully);
        Assert.Equal("1", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',') from kept"));
        Assert.Null(await home.Home.Engine.FindAsync("main", CancellationToken.None));
        Assert.Equal(keeps ? 1 : 0, (await home.KeptAsync()).Count);
    }

    [Fact]
    public async Task A_restore_that_comes_while_its_source_is_deleted_waits_and_reads_what_is_kept()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        Task<ManagedServer>? copy = null;
        await home.Home.Engine.DeleteAsync("main", new(CancellationToken.None, new ActsAt("stopped the server", () => copy = home.CreateAsync("copy", null, new(CancellationToken.None)))));
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
                told.AddRange((await home.ProblemsAsync(instant)).Select(problem => problem.Reason.ToString()));
            }
            return told;
        })).ToList();
        await home.DeleteSourceAsync();
        Volatile.Write(ref isDeleted, true);
        Assert.All(await Task.WhenAll(looks), Assert.Empty);
    }

    /// <summary>An interrupted restore does not lose its source before its next attempt.</summary>
    [Fact]
    public async Task A_source_whose_archive_goes_with_it_is_not_deleted_while_a_restore_that_was_killed_would_go_on_from_it()
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with { Backup = spec.Backup with { OnDelete = ArchiveOnDelete.Delete } });
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        await home.RestoreAsync(null, "copy", "main");
        // As a kill before the copy would have left it.
        var record = home.Home.Record("copy")! with { State = RecordState.Building };
        await home.Home.Engine.DeleteAsync("copy", TestHome.Unhurried());
        new Registry(new(home.Home.Folder)).Write(record with { InstanceId = Guid.NewGuid() });

        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => home.DeleteSourceAsync());
        Assert.Contains("the restore of \"copy\" from it was interrupted", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("pgfleet delete copy", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ServerStatus.Available, (await home.Home.Engine.FindAsync("main", CancellationToken.None))!.Status);

        await home.Home.Engine.DeleteAsync("copy", TestHome.Unhurried());
        await home.DeleteSourceAsync();
        Assert.Null(await home.Home.Engine.FindAsync("main", CancellationToken.None));
    }

    /// <summary>A resumed restore uses the same source, even if its name was reused.</summary>
    [Fact]
    public async Task A_restore_that_was_killed_goes_on_when_its_source_has_been_deleted_and_made_anew()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var instant = await home.NowAsync();
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => home.CreateAsync("copy", instant, new(cancel.Token, new ActsAt("copied the base backup", cancel.Cancel))));
        await home.DeleteSourceAsync();
        await home.BeginAsync();
        var copy = await home.CreateAsync("copy", instant, new(CancellationToken.None));
        Assert.Equal("1", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',') from kept"));
    }
}
