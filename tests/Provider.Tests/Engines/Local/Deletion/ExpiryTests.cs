using PgFleet.Engines;
using PgFleet.Engines.Local.Deletion;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Deletion;

/// <summary>How long the archive of a deleted server is kept.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    [Fact]
    public async Task What_is_kept_goes_with_the_fleet_s_next_own_work_after_its_retention_and_not_before()
    {
        var clock = new Clock();
        await using var home = new TestHome(clock);
        await home.CreateAsync();
        await home.CreateAsync(TestHome.Spec("other"));
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());

        clock.Pass(Retention - TimeSpan.FromMinutes(1));
        await home.ApplyAsync(TestHome.Spec("other"));
        Assert.Single(await KeptAsync(home));

        clock.Pass(TimeSpan.FromMinutes(2));
        Assert.Single(await KeptAsync(home)); // a read deletes nothing
        await home.ApplyAsync(TestHome.Spec("other"));
        Assert.Empty(await KeptAsync(home));
        Assert.All(["trash", "deleted"], folder => Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Folder, folder))));
    }

    [Fact]
    public async Task What_does_not_read_is_told_and_stays_whatever_the_clock_says()
    {
        var clock = new Clock();
        await using var home = new TestHome(clock);
        await home.CreateAsync();
        await home.CreateAsync(TestHome.Spec("other"));
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        var folder = Assert.Single(Directory.EnumerateDirectories(Path.Combine(home.Folder, "deleted")));
        clock.Pass(Retention * 2);
        foreach (var (file, isGone) in new[] { ("record.json", false), ("deleted.json", false), ("record.json", true), ("deleted.json", true) })
        {
            var path = Path.Combine(folder, file);
            var text = await File.ReadAllTextAsync(path);
            if (isGone)
            {
                File.Delete(path);
            }
            else
            {
                await File.WriteAllTextAsync(path, text[..20]);
            }
            await home.ApplyAsync(TestHome.Spec("other"));
            Assert.Empty(await KeptAsync(home));
            Assert.Contains($"\"{path}\" is {(isGone ? "missing" : "damaged")}", Assert.Single(await DamagedAsync(home)), StringComparison.Ordinal);
            foreach (var asked in new[] { "main", Path.GetFileName(folder) })
            {
                var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.PurgeAsync(asked, TestHome.Unhurried()));
                Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
            }
            Assert.True(Directory.Exists(Path.Combine(folder, "archive", "wal")));
            await File.WriteAllTextAsync(path, text);
        }
        Assert.Empty(await DamagedAsync(home));
        Assert.Single(await KeptAsync(home));
        await home.ApplyAsync(TestHome.Spec("other"));
        Assert.Empty(await KeptAsync(home));
    }

    [Fact]
    public async Task A_clock_that_jumped_removes_nothing()
    {
        var clock = new Clock();
        await using var home = new TestHome(clock);
        await home.CreateAsync();
        await home.CreateAsync(TestHome.Spec("other"));
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        clock.Jump(TimeSpan.FromDays(4000));
        await home.ApplyAsync(TestHome.Spec("other"));
        await home.ApplyAsync(TestHome.Spec("other"));
        Assert.Single(await KeptAsync(home));
    }

    [Fact]
    public void After_a_restart_of_the_machine_the_clock_alone_is_believed_when_it_says_so_again_a_day_later()
    {
        var clock = new Clock();
        var expiry = new Expiry(clock);
        var deletion = expiry.Begin(Retention) with { Boot = "another start of the machine" };
        clock.Jump(TimeSpan.FromDays(4000));
        var first = expiry.Check(deletion);
        Assert.False(first.IsPast);
        Assert.False(expiry.Check(first.Seen).IsPast);

        clock.Jump(TimeSpan.FromDays(-4000)); // the clock was corrected
        Assert.Null(expiry.Check(first.Seen).Seen.SeenPast);

        clock.Jump(TimeSpan.FromDays(4001));
        Assert.True(expiry.Check(first.Seen).IsPast);
    }

    [Fact]
    public void A_machine_that_has_been_up_for_that_long_needs_no_second_look()
    {
        var clock = new Clock();
        var expiry = new Expiry(clock);
        var deletion = expiry.Begin(Retention) with { Boot = "another start of the machine" };
        clock.Pass(Retention);
        Assert.True(expiry.Check(deletion).IsPast);
    }

    [Fact]
    public void A_retention_beyond_all_time_ends_with_it()
    {
        Assert.Equal(DateTimeOffset.MaxValue, new Expiry(new Clock()).Begin(TimeSpan.MaxValue).KeptUntil);
    }

    private static async Task<IReadOnlyList<DeletedServer>> KeptAsync(TestHome home) => await home.Engine.ListDeletedAsync(CancellationToken.None);

    private static async Task<IReadOnlyList<string>> DamagedAsync(TestHome home) => await home.Engine.ListDamagedAsync(CancellationToken.None);

    /// <summary>A clock that follows the system's, and can be advanced or set.</summary>
    private sealed class Clock : TimeProvider
    {
        private readonly long start = System.GetTimestamp();
        private TimeSpan passed;
        private TimeSpan jumped;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + passed + jumped;

        public override long GetTimestamp() => System.GetTimestamp() - start + (long)(passed.TotalSeconds * TimestampFrequency);

        public void Pass(TimeSpan time) => passed += time;

        /// <summary>Sets the clock.</summary>
        public void Jump(TimeSpan time) => jumped += time;
    }
}
