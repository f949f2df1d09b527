using PgFleet.Archives;
using PgFleet.Engines;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>Commits whose times run backwards: which of them precede an instant is reported, never guessed.</summary>
[Trait("Requirement", "R21")]
public sealed class ClockTests
{
    [Fact]
    public async Task An_instant_that_came_twice_because_the_clock_was_set_back_is_refused_and_both_commits_are_named()
    {
        await using var home = await RestoreHome.StartAsync();
        var (then, instant, wrong) = await RunBackwardsAsync(home, TimeSpan.FromMinutes(10));

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(instant, "never", "main"));

        Assert.Contains("The clock of \"main\" was set back", failure.Message, StringComparison.Ordinal);
        Assert.Contains(RecoveryWindow.Time(wrong), failure.Message, StringComparison.Ordinal);
        Assert.Null(await home.Home.Engine.FindAsync("never", CancellationToken.None));
        Assert.Equal("", await RestoreHome.AskAsync(await home.RestoreAsync(then), "select string_agg(id::text, ',') from kept"));
    }

    [Fact]
    public async Task Sessions_that_committed_out_of_order_by_a_moment_are_reported_and_the_later_one_is_not_in_the_copy()
    {
        await using var home = await RestoreHome.StartAsync();
        var (_, instant, _) = await RunBackwardsAsync(home, TimeSpan.FromMilliseconds(200));

        var copy = await home.RestoreAsync(instant);

        Assert.Equal("", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',') from kept"));
        Assert.Contains(home.Warnings, warning => warning.StartsWith("Commit times ran backwards", StringComparison.Ordinal));
    }

    /// <summary>Makes two commits, of which the first claims to be this much later than the second.</summary>
    /// <returns>An instant before both, one after both, and the first one's claimed time.</returns>
    private static async Task<(DateTimeOffset Before, DateTimeOffset After, DateTimeOffset Wrong)> RunBackwardsAsync(RestoreHome home, TimeSpan by)
    {
        await home.RunAsync("create table kept (id int)");
        var before = await home.NowAsync();
        await home.RunAsync("insert into kept values (1)", "insert into kept values (2)");
        var after = await home.NowAsync();
        await home.ArchiveAllAsync();
        FalseClock.Rewrite(ArchiveConfig.Read(home.Home.Paths().ArchiveConfig), before, after + by);
        return (before, after, after + by);
    }
}
