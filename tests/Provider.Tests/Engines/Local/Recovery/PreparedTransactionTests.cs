namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>A prepared transaction is open until it is ended, no matter how, and regardless of other commits.</summary>
[Trait("Requirement", "R21")]
public sealed class PreparedTransactionTests
{
    [Fact]
    public async Task What_was_rolled_back_last_of_all_is_not_open_in_the_copy()
    {
        await using var home = await StartAsync();
        await home.RunAsync("begin; insert into kept values (2); prepare transaction 'gone'");
        var open = await home.NowAsync();
        await home.RunAsync("rollback prepared 'gone'");
        var over = await home.NowAsync();

        Assert.Equal("gone", await OpenAsync(home, open));
        Assert.Equal("", await OpenAsync(home, over));
        Assert.Equal("", await OpenAsync(home, null));
        await home.Home.KillAsync();
        Assert.Equal("", await OpenAsync(home, null));
    }

    [Fact]
    public async Task What_was_prepared_before_a_backup_and_ended_after_it_is_as_it_was_at_each_instant()
    {
        await using var home = await StartAsync();
        await home.RunAsync(
            "begin; insert into kept values (2); prepare transaction 'back'",
            "begin; insert into kept values (3); prepare transaction 'forth'");
        await home.BackUpAsync();
        var both = await home.NowAsync();
        await home.RunAsync("rollback prepared 'back'");
        var one = await home.NowAsync();
        await home.RunAsync("commit prepared 'forth'");
        var none = await home.NowAsync();

        Assert.Equal("back,forth", await OpenAsync(home, both));
        Assert.Equal("forth", await OpenAsync(home, one));
        Assert.Equal("", await OpenAsync(home, none));
        var copy = await home.RestoreAsync(none);
        Assert.Equal("1,3", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',' order by id) from kept"));
    }

    private static async Task<RestoreHome> StartAsync()
    {
        var home = await RestoreHome.StartAsync(spec => spec with { Parameters = spec.Parameters.Add("max_prepared_transactions", "4") });
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        return home;
    }

    private static async Task<string> OpenAsync(RestoreHome home, DateTimeOffset? instant)
    {
        var copy = await home.RestoreAsync(instant);
        var open = await RestoreHome.AskAsync(copy, "select coalesce(string_agg(gid, ',' order by gid), '') from pg_prepared_xacts");
        await home.DeleteAsync(copy);
        return open;
    }
}
