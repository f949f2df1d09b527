namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>What a copy has of its source besides the rows, and what is disabled in it.</summary>
[Trait("Requirement", "R21")]
public sealed class CopyTests
{
    [Fact]
    public async Task A_subscription_is_disabled_in_the_copy_and_goes_on_in_the_source()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.Home.AskAdminAsync(
            "create subscription feed connection 'host=127.0.0.1 port=1 dbname=nowhere' publication news with (connect = false); alter subscription feed enable",
            database: RestoreHome.Database);

        var copy = await home.RestoreAsync(await home.NowAsync());

        const string Enabled = "select subenabled from pg_subscription where subname = 'feed'";
        Assert.Equal(false, await home.Home.AskAdminAsync(Enabled, copy.Spec.Name, RestoreHome.Database));
        Assert.Equal(true, await home.Home.AskAdminAsync(Enabled, database: RestoreHome.Database));
        Assert.Contains(home.Warnings, warning => warning.Contains("\"feed\"", StringComparison.Ordinal) && warning.Contains("disabled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_library_that_the_source_preloads_is_preloaded_by_the_copy()
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with { Parameters = spec.Parameters.Add("shared_preload_libraries", "pg_stat_statements") });
        await home.Home.AskAdminAsync("create extension pg_stat_statements schema public", database: RestoreHome.Database);

        var copy = await home.RestoreAsync(await home.NowAsync());

        Assert.Equal(1L, await home.Home.AskAdminAsync("select count(*) from public.pg_stat_statements_info", copy.Spec.Name, RestoreHome.Database));
    }
}
