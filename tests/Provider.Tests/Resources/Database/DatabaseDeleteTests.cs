using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Resources;
using PgFleet.Resources.Database;
using PgFleet.Schema;

namespace PgFleet.Tests.Resources.Database;

[Collection(nameof(DatabaseFixture))]
public sealed class DatabaseDeleteTests(DatabaseFixture fixture)
{
    private static DatabaseArgs Args => DatabaseFixture.Args;

    [Fact]
    public async Task A_client_holds_it_unless_forced()
    {
        var state = await fixture.CreateAsync(Args with { Name = "held" });
        await using var client = await fixture.Scratch.OpenAsync("held", "alice");

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => DeleteAsync(state));
        Assert.Contains($"pid {client.ProcessID} (user \"alice\"", failure.Message, StringComparison.Ordinal);

        await DeleteAsync(state with { Args = state.Args with { OnDelete = "force" } });
        Assert.False(await fixture.ExistsAsync("held"));
    }

    [Fact]
    public async Task Retained_it_stays()
    {
        var state = await fixture.CreateAsync(Args with { Name = "retained", OnDelete = "retain" });

        await DeleteAsync(state);

        Assert.True(await fixture.ExistsAsync("retained"));
    }

    [Fact]
    public async Task The_recorded_protection_refuses()
    {
        var state = await fixture.CreateAsync(Args with { Name = "protected", DeletionProtection = true, OnDelete = "force" });

        var values = Map.Of(Records.Write(state.Args, RecordContext.Default.DatabaseArgs).Items.AddRange(Records.Write(state.Outputs, RecordContext.Default.DatabaseOutputs).Items));
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => DatabaseFixture.Resource(fixture.Servers()).DeleteAsync("main/protected", values, DatabaseFixture.Work()));

        Assert.Equal(
            "Database \"main/protected\" is protected from deletion. Set deletionProtection to false and apply that, then delete again.", failure.Message);
        Assert.True(await fixture.ExistsAsync("protected"));
    }

    [Fact]
    public async Task What_is_gone_is_deleted_and_so_is_what_was_on_an_instance_that_is_gone()
    {
        var state = await fixture.CreateAsync(Args with { Name = "gone" });
        await fixture.Scratch.ScalarAsync("drop database gone");

        await DeleteAsync(state);
        await DatabaseFixture.Handler(new ScratchServers(fixture.Scratch, "alice")).DeleteAsync("main/gone", state, DatabaseFixture.Work());
    }

    [Fact]
    public async Task One_that_was_dropped_and_made_by_hand_is_left_alone_and_told()
    {
        var state = await fixture.CreateAsync(Args with { Name = "remade" });
        await fixture.Scratch.ScalarAsync("drop database remade");
        await fixture.Scratch.ScalarAsync("create database remade");
        var warnings = new List<string>();

        await DatabaseFixture.Handler(fixture.Servers()).DeleteAsync("main/remade", state, new OperationContext(CancellationToken.None, warn: text => warnings.Add(text.ToString())));

        Assert.Contains("was left alone", Assert.Single(warnings));
        Assert.True(await fixture.ExistsAsync("remade"));
    }

    [Fact]
    public async Task On_a_server_that_is_another_or_made_in_part_it_is_gone()
    {
        var state = await fixture.CreateAsync(Args with { Name = "survivor", DeletionProtection = true });
        var elsewhere = state with { Outputs = state.Outputs with { Identity = $"before/{state.Outputs.Identity!.Split('/')[1]}" } };
        await DatabaseFixture.Handler(fixture.Servers()).DeleteAsync("main/survivor", elsewhere, DatabaseFixture.Work());
        Assert.True(await fixture.ExistsAsync("survivor"));

        var unfinished = DatabaseFixture.Handler(fixture.Servers().With("main", ServerStatus.Unfinished));
        Assert.Null(await unfinished.ReadAsync("main/survivor", state, DatabaseFixture.Work()));
        await unfinished.DeleteAsync("main/survivor", state, DatabaseFixture.Work());
        Assert.True(await fixture.ExistsAsync("survivor"));
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("template0")]
    [InlineData("template1")]
    public async Task What_is_PostgreSQL_s_own_is_neither_imported_nor_dropped(string name)
    {
        var handler = DatabaseFixture.Handler(fixture.Servers());
        var state = await fixture.CreateAsync(Args with { Name = $"model_{name}" });
        var old = new PgFleet.Resources.State<DatabaseArgs, DatabaseOutputs>(state.Args with { Name = name, OnDelete = "force" }, state.Outputs with { Identity = null });

        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => handler.ReadAsync($"main/{name}", null, DatabaseFixture.Work()));
        Assert.Contains("belongs to PostgreSQL", refusal.Message);
        Assert.Contains(handler.Check(Args with { Name = name }), problem => problem.Path == "name");
        await handler.DeleteAsync($"main/{name}", old, DatabaseFixture.Work());
        Assert.True(await fixture.ExistsAsync(name));
    }

    /// <summary>An imported database has no recorded dependency on its server.</summary>
    [Fact]
    public async Task An_instance_that_goes_at_the_same_time_takes_it_along()
    {
        var state = await fixture.CreateAsync(Args with { Name = "beside" });
        var servers = fixture.Servers().With("main");
        servers.Opening = () => servers.Instances.Remove("main");

        await DatabaseFixture.Handler(servers).DeleteAsync("main/beside", state, DatabaseFixture.Work());
    }

    [Fact]
    public async Task A_lost_instance_is_not_a_gone_one()
    {
        var state = await fixture.CreateAsync(Args with { Name = "on_lost" });
        var handler = DatabaseFixture.Handler(fixture.Servers().With("main", ServerStatus.Lost));

        await Assert.ThrowsAsync<ResourceFailure>(() => handler.DeleteAsync("main/on_lost", state, DatabaseFixture.Work()));
        Assert.Equal(state, await handler.ReadAsync("main/on_lost", state, DatabaseFixture.Work()));
        await Assert.ThrowsAsync<ResourceFailure>(() => handler.ReadAsync("main/on_lost", null, DatabaseFixture.Work()));
    }

    [Fact]
    public async Task A_read_wakes_no_stopped_instance_and_keeps_what_is_recorded()
    {
        var state = await fixture.CreateAsync(Args with { Name = "asleep" });
        var handler = DatabaseFixture.Handler(fixture.Servers().With("main", PgFleet.Engines.ServerStatus.Stopped));
        await fixture.Scratch.ScalarAsync("alter database asleep connection limit 3");

        Assert.Equal(state, await handler.ReadAsync("main/asleep", state, DatabaseFixture.Work()));
    }

    private Task DeleteAsync(PgFleet.Resources.State<DatabaseArgs, DatabaseOutputs> state) =>
        DatabaseFixture.Handler(fixture.Servers()).DeleteAsync($"main/{state.Args.Name}", state, DatabaseFixture.Work());
}
