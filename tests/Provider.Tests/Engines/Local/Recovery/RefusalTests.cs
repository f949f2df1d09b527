using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>What cannot be restored exactly is refused in the preview, with the window; and a refused restore leaves nothing.</summary>
[Trait("Requirement", "R25")]
public sealed class RefusalTests
{
    [Fact]
    public async Task Instants_before_and_after_the_window_are_refused()
    {
        await using var home = await RestoreHome.StartAsync();
        var earliest = (await home.WindowAsync()).Earliest!.Value;

        await RefusesAsync(home, earliest.AddMicroseconds(-1), "too early");
        await RefusesAsync(home, (await home.NowAsync()).AddMinutes(1), "in the future");
        Assert.Empty(await home.ProblemsAsync(earliest));

        await home.Home.Engine.StopAsync("main", byUser: true, CancellationToken.None);
        var latest = (await home.WindowAsync()).Latest!.Value;
        await RefusesAsync(home, latest.AddMicroseconds(1), "later than the last thing");
        Assert.Empty(await home.ProblemsAsync(latest));
    }

    [Fact]
    public async Task What_is_older_than_the_retention_is_refused_though_a_backup_leads_there()
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with { Backup = spec.Backup with { Retention = TimeSpan.FromSeconds(2) } });
        var instant = await home.NowAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        await RefusesAsync(home, instant, "too early");
    }

    [Fact]
    public async Task A_gap_in_the_WAL_is_named_and_both_sides_of_it_can_be_restored()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var before = await home.NowAsync();
        await home.ArchiveAllAsync();
        await home.RunAsync("insert into kept values (2)");
        var inside = await home.NowAsync();
        await home.ArchiveAllAsync();
        var missing = await home.LoseNewestSegmentAsync();
        await home.RunAsync("insert into kept values (3)");
        await RefusesAsync(home, inside, missing);
        await RefusesAsync(home, await home.NowAsync(), missing);

        await home.BackUpAsync();
        await RefusesAsync(home, inside, missing);
        Assert.Equal("1", await RestoreHome.AskAsync(await home.RestoreAsync(before), "select count(*) from kept"));
        Assert.Equal("3", await RestoreHome.AskAsync(await home.RestoreAsync(await home.NowAsync()), "select count(*) from kept"));
    }

    [Fact]
    public async Task A_damaged_backup_is_refused_when_no_older_one_leads_there()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        await home.BackUpAsync();
        await home.RunAsync("insert into kept values (2)");
        var instant = await home.NowAsync();
        var (first, second) = (home.DataOf(0), home.DataOf(1));

        // The same size with other content is detected only when it is read; then the previous backup is used.
        await RestoreHome.DamageAsync(Path.Combine(second, "global", "1262"));
        var copy = await home.RestoreAsync(instant);
        Assert.Equal("2", await RestoreHome.AskAsync(copy, "select count(*) from kept"));
        Assert.Contains(home.Warnings, warning => warning.Contains("damaged", StringComparison.Ordinal));

        File.Delete(Path.Combine(first, "PG_VERSION"));
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(instant, "never", "main"));
        Assert.Contains("PG_VERSION", failure.Message, StringComparison.Ordinal);
        Assert.Null(await home.Home.Engine.FindAsync("never", CancellationToken.None));

        File.Delete(Path.Combine(second, "PG_VERSION"));
        await RefusesAsync(home, instant, "PG_VERSION");
    }

    [Fact]
    public async Task A_source_that_does_not_exist_a_taken_name_and_a_missing_version_are_refused()
    {
        await using var home = await RestoreHome.StartAsync();
        Assert.Contains(await home.ProblemsAsync(null, source: "nobody"), problem => problem is { Path: "sourceInstance", Refuses: true });
        Assert.Contains(await home.ProblemsAsync(null, name: "main"), problem => problem is { Path: "name", Refuses: true });
        await home.PretendVersionAsync("14");
        Assert.Contains(await home.ProblemsAsync(null), problem => problem.Path == "sourceInstance" && problem.Reason.ToString().Contains("PostgreSQL 14", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_small_a_disk_is_refused_with_the_bytes_and_one_that_fills_up_leaves_nothing_of_the_copy()
    {
        Assert.SkipUnless(SmallDisk.IsPossible, "Only root mounts a small disk.");
        await using var home = new RestoreHome();
        await using var disk = await SmallDisk.MountAsync(home.Home.Folder, megabytes: 600);
        await home.BeginAsync();
        await home.RunAsync("create table kept as select generate_series(1, 1000) id");
        Assert.Empty(await home.ProblemsAsync(null));
        disk.FillUp(megabytesLeft: 10);

        var problem = Assert.Single(await home.ProblemsAsync(null));
        Assert.Matches(@"needs \d+ bytes \(\d+ MB\) on the disk of .*, which has \d+ \(\d+ MB\) left", problem.Reason.ToString());
        Assert.True(problem.Refuses);
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(null, "copy", "main"));
        Assert.Contains("No space left on device", failure.Message, StringComparison.Ordinal);
        Assert.Null(await home.Home.Engine.FindAsync("copy", CancellationToken.None));

        disk.MakeRoom();
        Assert.Equal("1000", await RestoreHome.AskAsync(await home.RestoreAsync(null, "copy", "main"), "select count(*) from kept"));
    }

    private static async Task RefusesAsync(RestoreHome home, DateTimeOffset instant, string why)
    {
        var problem = Assert.Single(await home.ProblemsAsync(instant));
        Assert.Equal(("restoreTime", true), (problem.Path, problem.Refuses));
        Assert.Contains(why, problem.Reason.ToString(), StringComparison.Ordinal);
        Assert.Contains((await home.WindowAsync()).Text[..24], problem.Reason.ToString(), StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(instant, "never", "main"));
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.Null(await home.Home.Engine.FindAsync("never", CancellationToken.None));
    }
}
