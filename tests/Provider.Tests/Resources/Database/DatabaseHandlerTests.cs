using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Resources.Database;
using PgFleet.Tests.Engines.Local;
using State = PgFleet.Resources.State<PgFleet.Resources.Database.DatabaseArgs, PgFleet.Resources.Database.DatabaseOutputs>;

namespace PgFleet.Tests.Resources.Database;

[Collection(nameof(DatabaseFixture))]
public sealed class DatabaseHandlerTests(DatabaseFixture fixture)
{
    private static DatabaseArgs Args => DatabaseFixture.Args;

    [Fact]
    public async Task Creates_with_every_chosen_value_filled_in()
    {
        var state = await fixture.CreateAsync(Args with { Name = "Chosen One" });

        Assert.Equal(("alice", "UTF8", "libc", "C.UTF-8", "C.UTF-8", "C.UTF-8"), (state.Args.Owner, state.Args.Encoding?.Name, state.Args.LocaleProvider, state.Args.Locale?.ToString(), state.Args.LcCollate?.ToString(), state.Args.LcCtype?.ToString()));
        Assert.Equal(("template1", null, "refuse"), (state.Args.Template, state.Args.IcuLocale, state.Args.OnDelete));
        Assert.Equal($"postgresql://alice@127.0.0.1:{fixture.Scratch.Port}/Chosen%20One?sslmode=require", state.Outputs.ConnectionUri);
        Assert.Equal("0123@here:/home", state.Outputs.FleetId);
        Assert.Equal("main/Chosen One", Handler().Id(state.Args));
        Assert.True(await fixture.ExistsAsync("Chosen One"));
    }

    [Fact]
    public async Task Connects_as_connection_does()
    {
        var state = await fixture.CreateAsync(Args with { Name = "connected", Connection = "postgresql://shop:s3cret@db.example:6432/postgres?sslmode=verify-full" });

        Assert.Equal("postgresql://shop:s3cret@db.example:6432/connected?sslmode=verify-full", state.Outputs.ConnectionUri);
    }

    [Fact]
    [Trait("Requirement", "R8")]
    public async Task Two_databases_of_one_instance_are_independent()
    {
        var first = await fixture.CreateAsync(Args with { Name = "first" });
        await fixture.CreateAsync(Args with { Name = "second" });
        await fixture.Scratch.ScalarAsync("create table only_here ()", "first");

        Assert.Equal(DBNull.Value, await fixture.Scratch.ScalarAsync("select to_regclass('only_here')::text", "second"));

        await Handler().DeleteAsync("main/first", first, DatabaseFixture.Work());
        Assert.False(await fixture.ExistsAsync("first"));
        Assert.Equal(1, await fixture.Scratch.ScalarAsync("select 1", "second"));
    }

    [Fact]
    [Trait("Requirement", "R1")]
    public async Task An_instance_that_does_not_exist_fails_telling_to_provision_it()
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => fixture.CreateAsync(Args with { Instance = "elsewhere", Name = "homeless" }));

        Assert.Equal(FailureKind.Missing, failure.Kind);
        Assert.Equal("Instance \"elsewhere\" does not exist. Provision it first: declare a DatabaseInstance that has this name, or a LinkedInstance if somebody else runs it, and pass its id, or correct instance.", failure.Message);
        Assert.False(await fixture.ExistsAsync("homeless"));
    }

    [Theory]
    [InlineData("Unfinished")]
    [InlineData("Degraded")]
    [InlineData("Lost")]
    [InlineData("Unreachable")]
    [Trait("Requirement", "R1")]
    public async Task An_instance_that_is_not_available_fails_naming_it_and_makes_nothing(string status)
    {
        var servers = fixture.Servers().With("main", Enum.Parse<ServerStatus>(status), reason: "the disk is full.");

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => Handler(servers).CreateAsync(Args with { Name = "unhosted" }, DatabaseFixture.Work()));

        Assert.Equal(
            $"Instance \"main\" is not available but {status.ToLowerInvariant()}: the disk is full. Bring it back by applying its resource, then run again.",
            failure.Message);
        Assert.Equal((0, false), (servers.Opened, await fixture.ExistsAsync("unhosted")));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_conflict_that_tells_how_to_import()
    {
        await fixture.Scratch.ScalarAsync("create database \"taken name\"");

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => fixture.CreateAsync(Args with { Name = "taken name" }));

        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Equal(
            "Database \"taken name\" exists already. If it is the one meant, run: pulumi import pgfleet:index:Database 'taken name' 'main/taken name'. Otherwise choose another name.",
            failure.Message);
    }

    [Fact]
    public async Task Is_kept_from_the_moment_it_exists()
    {
        using var cancel = new CancellationTokenSource();
        var work = new OperationContext<State>(cancel.Token, new ActsAt("database created", cancel.Cancel));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Handler().CreateAsync(Args with { Name = "kept" }, work));

        Assert.Equal(("kept", "alice"), (work.Partial?.Args.Name, work.Partial?.Args.Owner));
        Assert.True(await fixture.ExistsAsync("kept"));
    }

    [Fact]
    public async Task Updates_in_place_and_the_connection_follows_the_owner()
    {
        var state = await fixture.CreateAsync(Args with { Name = "updated" });

        var updated = await Handler().UpdateAsync(state, state.Args with { Owner = "bob", ConnectionLimit = 3, AllowConnections = false }, DatabaseFixture.Work());

        Assert.Equal($"postgresql://bob@127.0.0.1:{fixture.Scratch.Port}/updated?sslmode=require", updated.Outputs.ConnectionUri);
        var read = (await Handler().ReadAsync("main/updated", updated, DatabaseFixture.Work()))!;
        Assert.Equal(updated, read);
        Assert.Equal(("bob", 3, false), (read.Args.Owner, read.Args.ConnectionLimit, read.Args.AllowConnections));
    }

    [Fact]
    public async Task An_owner_that_was_renamed_since_is_the_owner_still()
    {
        await fixture.Scratch.ScalarAsync("create role carol");
        var state = await fixture.CreateAsync(Args with { Name = "renamed_owner", Owner = "carol" });
        await fixture.Scratch.ScalarAsync("alter role carol rename to caroline");

        var planned = state.Args with { ConnectionLimit = 3, Extensions = new Dictionary<string, ExtensionArgs> { ["citext"] = new() { Schema = "lib" } } };
        await Handler().UpdateAsync(state, planned, DatabaseFixture.Work());

        Assert.Equal("caroline", await fixture.Scratch.ScalarAsync("select nspowner::regrole::text from pg_namespace where nspname = 'lib'", "renamed_owner"));
    }

    [Fact]
    public async Task One_that_was_dropped_by_somebody_else_is_not_made_by_an_update()
    {
        var state = await fixture.CreateAsync(Args with { Name = "dropped_before" });
        await fixture.Scratch.ScalarAsync("drop database dropped_before");

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => Handler().UpdateAsync(state, state.Args with { ConnectionLimit = 3 }, DatabaseFixture.Work()));

        Assert.Equal((FailureKind.Missing, false), (failure.Kind, await fixture.ExistsAsync("dropped_before")));
    }

    [Fact]
    public async Task What_only_the_record_keeps_is_updated_without_the_server()
    {
        var state = await fixture.CreateAsync(Args with { Name = "recorded", DeletionProtection = true });
        var servers = fixture.Servers().With("main", ServerStatus.Lost);

        var updated = await Handler(servers).UpdateAsync(state, state.Args with { DeletionProtection = false, OnDelete = "retain" }, DatabaseFixture.Work());

        Assert.Equal((0, state.Outputs), (servers.Opened, updated.Outputs));
        await Handler(servers).DeleteAsync("main/recorded", updated, DatabaseFixture.Work());
    }

    private DatabaseHandler Handler(ScratchServers? servers = null) => DatabaseFixture.Handler(servers ?? fixture.Servers());
}
