using PgFleet.Engines;
using PgFleet.Engines.Local.Archive;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>Commits whose times run backwards: which of them came before an instant is reported, never guessed.</summary>
[Trait("Requirement", "R21")]
public sealed class ClockTests
{
    [Fact]
    public async Task An_instant_that_came_twice_because_the_clock_was_set_back_is_refused_and_both_commits_are_named()
    {
        await using var home = await BeginAsync();
        var then = await home.NowAsync();
        await home.RunAsync("insert into kept values (1)");
        await home.RunAsync("insert into kept values (2)");
        var instant = await home.NowAsync();
        await home.ArchiveAllAsync();
        var wrong = instant.AddMinutes(10);
        FalseClock.Rewrite(Config(home), then, wrong);

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(instant, "never", "main"));

        Assert.Contains("The clock of \"main\" was set back", failure.Message, StringComparison.Ordinal);
        Assert.Contains(RecoveryWindow.Time(wrong), failure.Message, StringComparison.Ordinal);
        Assert.Null(await home.Home.Engine.FindAsync("never", CancellationToken.None));
        Assert.Equal("", await RestoreHome.AskAsync(await home.RestoreAsync(then), "select string_agg(id::text, ',') from kept"));
    }

    [Fact]
    public async Task Sessions_that_committed_out_of_order_by_a_moment_are_reported_and_the_later_one_is_not_in_the_copy()
    {
        await using var home = await BeginAsync();
        var then = await home.NowAsync();
        await home.RunAsync("insert into kept values (1)");
        await home.RunAsync("insert into kept values (2)");
        var instant = await home.NowAsync();
        await home.ArchiveAllAsync();
        FalseClock.Rewrite(Config(home), then, instant.AddMilliseconds(200));

        var copy = await home.RestoreAsync(instant);

        Assert.Equal("", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',') from kept"));
        Assert.Contains(home.Warnings, warning => warning.StartsWith("Commit times ran backwards", StringComparison.Ordinal));
    }

    private static async Task<RestoreHome> BeginAsync()
    {
        var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)");
        return home;
    }

    private static ArchiveConfig Config(RestoreHome home) => ArchiveConfig.Read(home.Home.Paths().ArchiveConfig);
}
