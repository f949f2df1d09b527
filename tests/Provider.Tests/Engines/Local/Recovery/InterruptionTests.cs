using PgFleet.Engines.Local.Instances;
using PgFleet.Progress;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>A restore that ends early leaves nothing, or what the next one completes.</summary>
[Trait("Requirement", "R21")]
public sealed class InterruptionTests
{
    [Fact]
    public async Task A_restore_that_is_cancelled_at_any_step_is_finished_by_the_next()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var instant = await home.NowAsync();
        await home.RunAsync("insert into kept values (2)");
        var steps = new Steps();
        await home.CreateAsync("all", instant, new(CancellationToken.None, steps));
        Assert.Contains("replaying the WAL", steps.Names);
        Assert.True(steps.Names.Count >= 8, string.Join(", ", steps.Names));

        // Each run resumes the one before, and is cancelled a step later.
        foreach (var step in steps.Names)
        {
            using var cancel = new CancellationTokenSource();
            var end = await Record.ExceptionAsync(() => home.CreateAsync("part", instant, new(cancel.Token, new ActsAt(step, cancel.Cancel))));
            var left = home.Home.Record("part")?.State;
            if (!cancel.IsCancellationRequested)
            {
                // The step was done before, or is reported only when it takes long; the rest was then completed too.
                Assert.True(left is RecordState.Available, $"{step}: {left} {end}");
                await home.Home.Engine.DeleteAsync("part", new(CancellationToken.None));
                continue;
            }
            Assert.IsAssignableFrom<OperationCanceledException>(end);
            Assert.True(left is null or > RecordState.Building, $"{step} leaves {left}");
            Assert.True(left is not null || !Directory.Exists(home.Home.Paths("part").Folder), step);
        }
        if (home.Home.Record("part") is not { State: RecordState.Available })
        {
            await home.CreateAsync("part", instant, new(CancellationToken.None));
        }
        var copy = (await home.Home.Engine.FindAsync("part", CancellationToken.None))!;
        Assert.Equal("1", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',') from kept"));
        Assert.False(Directory.Exists(home.Home.Paths("part").Replay));
    }

    [Fact]
    public async Task The_latest_instant_stays_what_it_was_when_the_restore_goes_on()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => home.CreateAsync("part", null, new(cancel.Token, new ActsAt("copied the base backup", cancel.Cancel))));
        await home.RunAsync("insert into kept values (2)");

        var copy = await home.CreateAsync("part", null, new(CancellationToken.None));

        Assert.Equal("1", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',') from kept"));
    }

    [Fact]
    public async Task A_server_that_is_killed_while_it_replays_goes_on_when_it_is_asked_for_again()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept select generate_series(1, 300000)", "insert into kept values (0)");
        var instant = await home.NowAsync();
        var killed = false;
        await Assert.ThrowsAnyAsync<Exception>(() => home.CreateAsync("part", instant, new(CancellationToken.None, new ActsAt("replaying the WAL", () =>
        {
            killed = SpinWait.SpinUntil(() => home.Home.Pid("part") is not null, TimeSpan.FromSeconds(20));
            home.Home.KillAsync("part").Wait();
        }))));
        Assert.True(killed);
        Assert.Equal(RecordState.Recovering, home.Home.Record("part")!.State);

        var copy = await home.CreateAsync("part", instant, new(CancellationToken.None));

        Assert.Equal("300001", await RestoreHome.AskAsync(copy, "select count(*) from kept"));
    }

    /// <summary>Between the end of replay and the checkpoint that records it, a restarted server would not know its target.</summary>
    [Fact]
    public async Task A_server_that_is_killed_as_it_ends_its_recovery_has_nothing_of_later()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept select generate_series(1, 300000)");
        var instant = await home.NowAsync();
        await home.RunAsync("insert into kept values (0)");
        var signal = Path.Combine(home.Home.Paths("part").Data, "recovery.signal");
        var killed = Task.CompletedTask;
        await Assert.ThrowsAnyAsync<Exception>(() => home.CreateAsync("part", instant, new(CancellationToken.None, new ActsAt("replaying the WAL", () => killed = Task.Run(() =>
        {
            Assert.True(SpinWait.SpinUntil(() => !File.Exists(signal), TimeSpan.FromSeconds(60)));
            Processes.Kill(home.Home.Paths("part").Folder);
        })))));
        await killed;
        Assert.Equal(RecordState.Recovering, home.Home.Record("part")!.State);

        var copy = await home.CreateAsync("part", instant, new(CancellationToken.None));

        Assert.Equal("300000", await RestoreHome.AskAsync(copy, "select count(*) from kept"));
        Assert.Equal(2, copy.Restored!.Timeline);
    }

    private sealed class Steps : IProgress<Step>
    {
        public List<string> Names { get; } = [];

        public void Report(Step value)
        {
            if (!Names.Contains(value.Name))
            {
                Names.Add(value.Name);
            }
        }
    }
}
