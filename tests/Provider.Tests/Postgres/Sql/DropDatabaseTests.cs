using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Tests.Postgres.Sql;

[Collection(nameof(SqlServer))]
public sealed class DropDatabaseTests(SqlServer server)
{
    [Fact]
    [Trait("Requirement", "R31")]
    public async Task Dropped_it_is_gone_and_dropping_it_again_succeeds()
    {
        await MadeAsync("drop_me");

        await DropAsync("drop_me");
        await DropAsync("drop_me");

        Assert.Null(await server.Databases.FindAsync("drop_me", CancellationToken.None));
    }

    [Fact]
    public async Task A_client_that_is_just_leaving_is_waited_for()
    {
        await MadeAsync("drop_leaving");
        var client = await server.Scratch.OpenAsync("drop_leaving", "alice");
        var leaving = Task.Delay(500).ContinueWith(_ => client.DisposeAsync().AsTask(), TaskScheduler.Default).Unwrap();

        await server.Databases.DropAsync("drop_leaving", force: false, new OperationContext(CancellationToken.None));
        await leaving;

        Assert.False(await server.ScalarAsync<bool>("select exists (select from pg_database where datname = 'drop_leaving')"));
    }

    [Fact]
    public async Task With_a_client_it_is_refused_naming_the_client()
    {
        await MadeAsync("drop_busy");
        await using var client = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.Scratch.ConnectionString("drop_busy", "alice")) { ApplicationName = "the shop" }.ConnectionString);
        await client.OpenAsync();

        var failure = await RefusedAsync("drop_busy");

        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Matches(
            $"""^Database "drop_busy" is not dropped, since it has clients: pid {client.ProcessID} \(user "alice", application "the shop", since 20..-..-..T..:..:..Z\)\. End or drop them, or set onDelete to "force" .*\.$""",
            failure.Message);
        Assert.Equal(1, await new NpgsqlCommand("select 1", client).ExecuteScalarAsync());
    }

    [Fact]
    public async Task Forced_it_ends_the_clients_and_drops()
    {
        await MadeAsync("force_busy");
        await using var client = await server.Scratch.OpenAsync("force_busy", "alice");

        await DropAsync("force_busy", force: true);

        Assert.Null(await server.Databases.FindAsync("force_busy", CancellationToken.None));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => new NpgsqlCommand("select 1", client).ExecuteScalarAsync());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_prepared_transaction_is_named_and_holds_even_against_force(bool force)
    {
        var name = $"prepared_{force}";
        await MadeAsync(name);
        await server.Scratch.ScalarAsync($"begin; create table t (); prepare transaction 'half way {force}'", name);
        await using var client = await server.Scratch.OpenAsync(name);

        var failure = await RefusedAsync(name, force);
        await server.Scratch.ScalarAsync($"rollback prepared 'half way {force}'", name);

        Assert.Contains($"prepared transactions: \"half way {force}\" (user \"postgres\", since 20", failure.Message, StringComparison.Ordinal);
        Assert.Equal(!force, failure.Message.Contains("clients", StringComparison.Ordinal));
        await AssertStillOpenAsync(name, client);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_subscription_is_named_and_holds_even_against_force(bool force)
    {
        var name = $"subscribed_{force}";
        await MadeAsync(name);
        await server.Scratch.ScalarAsync($"create subscription \"news {force}\" connection 'dbname=nowhere' publication p with (connect = false)", name);
        await using var client = await server.Scratch.OpenAsync(name);

        var failure = await RefusedAsync(name, force);

        Assert.Contains($"subscriptions: \"news {force}\"", failure.Message, StringComparison.Ordinal);
        await AssertStillOpenAsync(name, client);
    }

    [Fact]
    public async Task A_logical_slot_is_named_and_goes_with_force()
    {
        await MadeAsync("slotted");
        await server.Scratch.ScalarAsync("select pg_create_logical_replication_slot('cdc', 'test_decoding')", "slotted");

        var failure = await RefusedAsync("slotted");
        Assert.Contains("logical replication slots: \"cdc\" (test_decoding)", failure.Message, StringComparison.Ordinal);

        await DropAsync("slotted", force: true);
        Assert.Equal(0L, await server.ScalarAsync<long>("select count(*) from pg_replication_slots where slot_name = 'cdc'"));
    }

    [Fact]
    public async Task A_slot_that_is_being_read_goes_with_force_too()
    {
        await MadeAsync("streamed");
        await server.Scratch.ScalarAsync("select pg_create_logical_replication_slot('stream', 'test_decoding')", "streamed");
        var reader = ScratchServer.AsServiceUserAsync(
            ScratchServer.Tool("pg_recvlogical"), "-h", server.Scratch.Folder, "-p", $"{server.Scratch.Port}", "-U", "postgres", "-d", "streamed", "--slot", "stream", "--start", "--no-loop", "-f", "/dev/null");
        await Eventually.TrueAsync(() => server.ScalarAsync<bool>("select active from pg_replication_slots where slot_name = 'stream'"), "the slot is read");

        await DropAsync("streamed", force: true);

        Assert.Null(await server.Databases.FindAsync("streamed", CancellationToken.None));
        await Assert.ThrowsAsync<CliWrap.Exceptions.CommandExecutionException>(() => reader);
    }

    [Fact]
    public async Task A_template_is_dropped()
    {
        await MadeAsync("cast");
        await server.Scratch.ScalarAsync("alter database \"cast\" is_template true");

        await DropAsync("cast");

        Assert.Null(await server.Databases.FindAsync("cast", CancellationToken.None));
    }

    [Fact]
    public async Task A_template_whose_drop_fails_is_a_template_as_before()
    {
        await MadeAsync("stays_cast");
        await server.Scratch.ScalarAsync("alter database stays_cast is_template true");
        NpgsqlConnection? comes = null;
        var openings = 0;
        // A client connects between the check and the drop, which use the first two sessions.
        var databases = new Databases(async (database, _) =>
        {
            if (++openings == 3)
            {
                comes = await server.Scratch.OpenAsync("stays_cast");
            }

            return new Admin(await server.Scratch.OpenAsync(database));
        });

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => databases.DropAsync("stays_cast", force: false, new OperationContext(CancellationToken.None)));

        Assert.Contains($"pid {comes!.ProcessID}", failure.Message, StringComparison.Ordinal);
        Assert.True((await server.Databases.FindAsync("stays_cast", CancellationToken.None))!.IsTemplate);
        await AssertStillOpenAsync("stays_cast", comes);
        await comes.DisposeAsync();
    }

    [Fact]
    public async Task Cancelled_before_the_drop_has_begun_it_is_as_it_was()
    {
        await MadeAsync("not_dropped");
        await server.Scratch.ScalarAsync("alter database not_dropped is_template true");
        using var cancel = new CancellationTokenSource();
        var openings = 0;
        // The check and the preparation come first; the drop uses the third session.
        var databases = new Databases(async (database, _) =>
        {
            if (++openings == 3)
            {
                await cancel.CancelAsync();
            }
            return new Admin(await server.Scratch.OpenAsync(database));
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => databases.DropAsync("not_dropped", force: false, new OperationContext(cancel.Token)));

        Assert.True((await server.Databases.FindAsync("not_dropped", CancellationToken.None))!.IsTemplate);
        await using var client = await server.Scratch.OpenAsync("not_dropped");
    }

    /// <summary>An interrupted drop would leave an unusable database.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task Cancelled_in_the_middle_of_the_drop_it_is_dropped(bool force)
    {
        var name = $"drops_{force}";
        await MadeAsync(name);
        using var cancel = new CancellationTokenSource();
        await using var holder = await server.Scratch.OpenAsync("postgres");
        await using var held = await holder.BeginTransactionAsync();
        await new NpgsqlCommand("lock table pg_database in share mode", holder).ExecuteNonQueryAsync();

        var dropping = server.Databases.DropAsync(name, force, new OperationContext(cancel.Token));
        await Eventually.TrueAsync(
            () => server.ScalarAsync<bool>("select exists (select from pg_stat_activity where wait_event_type = 'Lock' and query ilike 'drop database%')"), "the drop is under way");
        await cancel.CancelAsync();
        await held.RollbackAsync();
        await dropping;

        Assert.Equal(0L, await server.ScalarAsync<long>($"select count(*) from pg_database where datname = '{name}'"));
    }

    [Fact]
    public async Task What_is_half_dropped_is_dropped()
    {
        await MadeAsync("half_gone");
        await server.Scratch.ScalarAsync("update pg_database set datconnlimit = -2 where datname = 'half_gone'");

        await DropAsync("half_gone");

        Assert.Equal(0L, await server.ScalarAsync<long>("select count(*) from pg_database where datname = 'half_gone'"));
    }

    private Task MadeAsync(string name) => server.CreateAsync(new() { Name = name, Owner = "alice" });

    private Task DropAsync(string name, bool force = false) => server.Databases.DropAsync(name, force, new OperationContext(CancellationToken.None));

    private Task<ResourceFailure> RefusedAsync(string name, bool force = false) => Assert.ThrowsAsync<ResourceFailure>(() => DropAsync(name, force));

    private async Task AssertStillOpenAsync(string name, NpgsqlConnection client)
    {
        Assert.Equal(1, await new NpgsqlCommand("select 1", client).ExecuteScalarAsync());
        await using var another = await server.Scratch.OpenAsync(name);
    }
}
