using PgFleet.Failures;
using PgFleet.Resources.Database;

namespace PgFleet.Tests.Resources.Database;

/// <summary>The many reads of a refresh share one query of the server.</summary>
[Collection(nameof(DatabaseFixture))]
public sealed class DatabaseListCacheTests(DatabaseFixture fixture)
{
    private static DatabaseArgs Args => DatabaseFixture.Args;

    [Fact]
    public async Task One_look_serves_all_reads_of_a_refresh()
    {
        var states = new List<PgFleet.Resources.State<DatabaseArgs, DatabaseOutputs>>();
        for (var i = 0; i < 5; i++)
        {
            states.Add(await fixture.CreateAsync(Args with { Name = $"read_{i}" }));
        }
        var servers = fixture.Servers();
        var handler = DatabaseFixture.Handler(servers, new FakeTime());

        // Like an engine: a few at a time.
        foreach (var wave in states.Concat(states).Chunk(3))
        {
            var read = await Task.WhenAll(wave.Select(state => handler.ReadAsync(handler.Id(state.Args), state, DatabaseFixture.Work())));
            Assert.Equal(wave, read);
        }

        Assert.Equal((1, 1), (servers.Looks, servers.Opened));
    }

    [Fact]
    public async Task No_read_after_a_change_that_was_made_here_is_answered_from_before()
    {
        var handler = DatabaseFixture.Handler(fixture.Servers(), new FakeTime());
        var neighbour = await handler.CreateAsync(Args with { Name = "neighbour" }, DatabaseFixture.Work());
        Assert.NotNull(await handler.ReadAsync("main/neighbour", neighbour, DatabaseFixture.Work()));

        var state = await handler.CreateAsync(Args with { Name = "changing" }, DatabaseFixture.Work());
        Assert.Equal(-1, (await handler.ReadAsync("main/changing", state, DatabaseFixture.Work()))!.Args.ConnectionLimit);
        state = await handler.UpdateAsync(state, state.Args with { ConnectionLimit = 4 }, DatabaseFixture.Work());
        Assert.Equal(4, (await handler.ReadAsync("main/changing", state, DatabaseFixture.Work()))!.Args.ConnectionLimit);
        await handler.DeleteAsync("main/changing", state, DatabaseFixture.Work());
        Assert.Null(await handler.ReadAsync("main/changing", state, DatabaseFixture.Work()));
    }

    [Fact]
    public async Task What_somebody_else_changed_shows_a_second_later_and_an_import_looks_itself()
    {
        var clock = new FakeTime();
        var handler = DatabaseFixture.Handler(fixture.Servers(), clock);
        var state = await handler.CreateAsync(Args with { Name = "seen_late" }, DatabaseFixture.Work());
        Assert.NotNull(await handler.ReadAsync("main/seen_late", state, DatabaseFixture.Work()));
        await fixture.Scratch.ScalarAsync("drop database seen_late");

        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Null(await handler.ReadAsync("main/seen_late", state, DatabaseFixture.Work()));
        await fixture.Scratch.ScalarAsync("create database seen_late");
        Assert.NotNull(await handler.ReadAsync("main/seen_late", null, DatabaseFixture.Work()));
    }

    [Fact]
    public async Task One_who_is_cancelled_spoils_no_look_for_the_others()
    {
        var handler = DatabaseFixture.Handler(fixture.Servers(), new FakeTime());
        var state = await fixture.CreateAsync(Args with { Name = "shared_look" });
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var first = handler.ReadAsync("main/shared_look", state, new(cancelled.Token));
        var second = handler.ReadAsync("main/shared_look", state, DatabaseFixture.Work());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(state, await second);
    }

    [Fact]
    public async Task A_look_that_failed_is_made_again_for_whoever_asks_next()
    {
        var (servers, state) = (fixture.Servers(), await fixture.CreateAsync(Args with { Name = "looked_for_again" }));
        var handler = DatabaseFixture.Handler(servers, new FakeTime());
        servers.Broken = true;
        await Assert.ThrowsAsync<ResourceFailure>(() => handler.ReadAsync("main/looked_for_again", state, DatabaseFixture.Work()));
        servers.Broken = false;
        Assert.Equal(state, await handler.ReadAsync("main/looked_for_again", state, DatabaseFixture.Work()));
    }
}
