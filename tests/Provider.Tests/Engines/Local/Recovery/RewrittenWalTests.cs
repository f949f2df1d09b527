namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>WAL of a running server rewritten by hand: what follows it does not continue from earlier backups.</summary>
[Trait("Requirement", "R21")]
public sealed class RewrittenWalTests
{
    [Fact]
    public async Task After_pg_resetwal_another_backup_is_taken_and_what_lies_between_is_refused()
    {
        await using var home = await RestoreHome.StartAsync();
        await RewrittenAsync(home, () => ScratchServer.AsServiceUserAsync(Path.Combine(ScratchServer.BinDirectory, "pg_resetwal"), "-f", home.Home.Paths().Data));
    }

    /// <summary>As after a manual recovery.</summary>
    [Fact]
    public async Task On_a_timeline_of_its_own_another_backup_is_taken_and_what_lies_between_is_refused()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.Home.AskAdminAsync("alter system set restore_command = 'false'");
        await RewrittenAsync(home, () => ScratchServer.AsServiceUserAsync("touch", Path.Combine(home.Home.Paths().Data, "recovery.signal")));
        Assert.Equal(2, await home.Home.AskAdminAsync("select timeline_id from pg_control_checkpoint()"));
        Assert.Equal([1u, 2u], home.Backups().Select(backup => backup.Timeline).Distinct());
    }

    private static async Task RewrittenAsync(RestoreHome home, Func<Task> rewrite)
    {
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var before = await home.NowAsync();
        await home.RunAsync("insert into kept values (2)");
        await home.ArchiveAllAsync();
        await home.Home.Engine.StopAsync("main", byUser: true, CancellationToken.None);

        await rewrite();

        await home.Home.Engine.StartAsync("main", byUser: true, CancellationToken.None);
        await home.RunAsync("insert into kept values (3)");
        var between = await home.NowAsync();
        await home.RunAsync("insert into kept values (4)");
        await Eventually.TrueAsync(
            async () =>
            {
                await home.ArchiveAllAsync();
                return home.Backups().Count > 1;
            },
            "another backup was taken");
        await home.RunAsync("insert into kept values (5)");
        var after = await home.NowAsync();
        await home.RunAsync("insert into kept values (6)");

        var window = await home.WindowAsync();
        Assert.Null(window.Refusal(before));
        Assert.NotNull(window.Refusal(between));
        Assert.Null(window.Refusal(after));
        Assert.True(Assert.Single(await home.ProblemsAsync(between)).Refuses);
        Assert.Equal("1", await RowsAsync(home, before));
        Assert.Equal("1,2,3,4,5", await RowsAsync(home, after));
        Assert.Equal("1,2,3,4,5,6", await RowsAsync(home, null));
    }

    private static async Task<string> RowsAsync(RestoreHome home, DateTimeOffset? instant) =>
        await RestoreHome.AskAsync(await home.RestoreAsync(instant), "select string_agg(id::text, ',' order by id) from kept");
}
