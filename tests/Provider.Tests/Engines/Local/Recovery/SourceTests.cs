using System.Globalization;
using PgFleet.Engines;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>A source may be in any state, and is only read.</summary>
[Trait("Requirement", "R21")]
public sealed class SourceTests
{
    [Fact]
    public async Task A_busy_source_is_restored_while_it_goes_on()
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with { Parameters = spec.Parameters.Add("track_commit_timestamp", "on") });
        await home.RunAsync("create table kept (id serial, at timestamptz default clock_timestamp())");
        using var stop = new CancellationTokenSource();
        var busy = Enumerable.Range(0, 3).Select(_ => Task.Run(() => WriteAsync(home, stop.Token))).ToList();
        await Eventually.TrueAsync(async () => int.Parse(await CountAsync(home), CultureInfo.InvariantCulture) > 10, "rows are written");
        var instant = await home.NowAsync();

        var copy = await home.RestoreAsync(instant);
        await stop.CancelAsync();
        await Task.WhenAll(busy);

        var (rows, expected) = (await RestoreHome.AskAsync(copy, "select count(*) from kept"), await RestoreHome.AskAsync(
            home.Source, $"select count(*) from kept where pg_xact_commit_timestamp(xmin) <= '{RecoveryWindow.Time(instant)}'"));
        Assert.Equal(expected, rows);
        Assert.NotEqual(rows, await CountAsync(home));
    }

    [Fact]
    public async Task An_idle_source_is_restored_to_an_instant_after_its_last_commit()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal("1", await RowsAsync(home, await home.NowAsync()));
    }

    [Fact]
    public async Task A_source_that_was_stopped_is_restored_and_stays_down()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var instant = await home.NowAsync();
        await home.RunAsync("insert into kept values (2)");
        await home.Home.Engine.StopAsync("main", byUser: true, CancellationToken.None);

        Assert.Equal("1", await RowsAsync(home, instant));
        Assert.Equal("1,2", await RowsAsync(home, null));
        Assert.Null(home.Home.Pid());
    }

    /// <summary>Its last commit is in a segment that is not archived.</summary>
    [Fact]
    public async Task A_source_that_was_killed_is_restored_to_its_very_last_commit()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)", "insert into kept values (2)");
        await home.Home.KillAsync();

        Assert.Equal("1,2", await RowsAsync(home, null));
        Assert.Null(home.Home.Pid());
    }

    [Fact]
    public async Task A_source_that_cannot_archive_is_restored_from_its_own_WAL()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var wal = Path.Combine(home.Home.Paths().Archive, "wal");
        // Archiving is refused from now on: another server's file has the segment's name.
        foreach (var next in Enumerable.Range(0, 40))
        {
            var name = $"0000000100000000{next:X8}";
            if (!File.Exists(Path.Combine(wal, name)))
            {
                Directory.CreateDirectory(Path.Combine(wal, $"{name}"));
            }
        }
        await home.RunAsync("insert into kept values (2)");
        var instant = await home.NowAsync();
        await home.RunAsync("insert into kept values (3)");

        Assert.Equal("1,2", await RowsAsync(home, instant));
        Assert.Equal("1,2,3", await RowsAsync(home, await home.NowAsync()));
    }

    [Fact]
    public async Task A_source_that_takes_no_more_connections_is_restored_to_what_it_has_written()
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with
        {
            Parameters = spec.Parameters.Add("max_connections", "6").Add("superuser_reserved_connections", "0"),
        });
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var instant = await home.NowAsync();
        await home.RunAsync("insert into kept values (2)");
        var held = new List<IAsyncDisposable>();
        try
        {
            while (await Record.ExceptionAsync(async () => held.Add(await TestHome.LogInAsync(home.Source))) is null)
            {
            }
            Assert.Equal("1", await RowsAsync(home, instant));
        }
        finally
        {
            foreach (var connection in held)
            {
                await connection.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_source_whose_data_are_lost_is_restored_from_its_archive()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        await home.Home.AskAdminAsync("select pg_switch_wal()");
        var instant = await home.NowAsync();
        await home.RunAsync("insert into kept values (2)");
        await home.ArchiveAllAsync();
        await home.Home.KillAsync();
        home.Home.LoseData();

        Assert.Equal("1", await RowsAsync(home, instant));
        Assert.Equal("1,2", await RowsAsync(home, null));
        var lost = (await home.Home.Engine.FindAsync("main", CancellationToken.None))!;
        Assert.Equal(ServerStatus.Lost, lost.Status);
        var told = Assert.Single(await home.Home.Engine.PreflightAsync(lost, lost.Spec, CancellationToken.None));
        Assert.Contains("a RestoredInstance whose sourceInstance is \"main\"", told.Reason.ToString(), StringComparison.Ordinal);
        Assert.Contains("The window of \"main\" reaches from", told.Reason.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restored_server_lives_on_when_its_source_is_deleted_and_has_nothing_in_its_folders()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var copy = await home.RestoreAsync(await home.NowAsync());
        Assert.DoesNotContain(
            new DirectoryInfo(home.Home.Paths(copy.Spec.Name).Folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories), entry => entry.LinkTarget is not null);
        Assert.False(Directory.Exists(home.Home.Paths(copy.Spec.Name).Replay));

        await home.DeleteAsync(home.Source);

        await home.Home.Engine.StopAsync(copy.Spec.Name, byUser: false, CancellationToken.None);
        await home.Home.Engine.StartAsync(copy.Spec.Name, byUser: true, CancellationToken.None);
        Assert.Equal("1", await RestoreHome.AskAsync(copy, "select id from kept"));
        var again = await home.Home.ApplyAsync(copy.Spec with { Parameters = copy.Spec.Parameters.Add("work_mem", "7MB") });
        Assert.Equal("7MB", await RestoreHome.AskAsync(again, "show work_mem"));
    }

    private static Task<string> CountAsync(RestoreHome home) => RestoreHome.AskAsync(home.Source, "select count(*) from kept");

    private static async Task<string> RowsAsync(RestoreHome home, DateTimeOffset? instant) =>
        await RestoreHome.AskAsync(await home.RestoreAsync(instant), "select string_agg(id::text, ',' order by id) from kept");

    private static async Task WriteAsync(RestoreHome home, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await home.RunAsync("insert into kept default values");
        }
    }
}
