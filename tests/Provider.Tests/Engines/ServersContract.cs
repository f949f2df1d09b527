using Npgsql;
using PgFleet.Engines;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines;

/// <summary>The behaviour that all engines share.</summary>
public abstract class ServersContract
{
    private const int AtOnce = 4;

    /// <summary>An engine with servers of these names, deleted with everything when disposed of.</summary>
    internal abstract Task<IServersUnderTest> NewServersAsync(params string[] names);

    [Fact]
    [Trait("Requirement", "R12")]
    public async Task What_was_never_made_is_not_found()
    {
        await using var test = await NewServersAsync();
        Assert.Null(await test.Servers.FindAsync("main", CancellationToken.None));
        Assert.False(test.Servers.Has("main"));
        Assert.Empty(await test.Servers.ListAsync(CancellationToken.None));
        Assert.Null(await test.Servers.FindIdentityAsync(CancellationToken.None));
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => test.Administrator.OpenAsync("main", "postgres", CancellationToken.None));
        Assert.Equal(FailureKind.Missing, failure.Kind);
    }

    [Fact]
    [Trait("Requirement", "R11")]
    public async Task All_servers_are_listed_and_each_is_found()
    {
        await using var test = await NewServersAsync("one", "two");
        var listed = await test.Servers.ListAsync(CancellationToken.None);
        Assert.Equal([("one", ServerStatus.Available), ("two", ServerStatus.Available)], listed.Select(server => (server.Name, server.Status)));
        var found = await test.Servers.FindAsync("two", CancellationToken.None);
        Assert.Equal((listed[1].Name, listed[1].Port, listed[1].Version), (found!.Name, found.Port, found.Version));
        Assert.True(test.Servers.Has("two"));
        Assert.NotNull(await test.Servers.FindIdentityAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_administrator_may_open_any_database_and_is_led_by_no_search_path()
    {
        await using var test = await NewServersAsync("main");
        await using var admin = await test.Administrator.OpenAsync("main", "template1", CancellationToken.None);
        await using var command = new NpgsqlCommand("select (rolsuper or rolcreatedb) and current_setting('search_path') = 'pg_catalog, pg_temp' from pg_roles where rolname = current_user", admin.Connection);
        Assert.Equal(true, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task No_more_than_four_connections_to_a_server_are_lent_at_once()
    {
        await using var test = await NewServersAsync("main", "idle");
        var lent = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => test.Administrator.OpenAsync("main", "postgres", CancellationToken.None)));
        var next = test.Administrator.OpenAsync("main", "postgres", CancellationToken.None);
        // This one began later and is open, so the fifth is not slow: it waits. (AdminPoolTests distinguish the two by the pool's own clock.)
        await (await test.Administrator.OpenAsync("idle", "postgres", CancellationToken.None)).DisposeAsync();
        Assert.False(next.IsCompleted);
        await lent[0].DisposeAsync();
        await (await next).DisposeAsync();
        foreach (var admin in lent[1..])
        {
            await admin.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_login_for_migrations_acts_as_the_databases_owner_until_it_is_taken_back()
    {
        await using var test = await NewServersAsync("main");
        var server = (await test.Servers.FindAsync("main", CancellationToken.None))!;
        await using (var admin = await test.Administrator.OpenAsync("main", "postgres", CancellationToken.None))
        {
            await using var create = new NpgsqlCommand($"create database app owner {server.Username}", admin.Connection);
            await create.ExecuteNonQueryAsync();
        }
        var request = new MigrationRequest("main", "app", server.Username, "pgfleet_migrate_contract");
        await test.Migrations.ReturnAsync(request, CancellationToken.None);
        var login = await test.Migrations.LendAsync(request, CancellationToken.None);
        Assert.Equal(server.Username, await SelectAsync(server, login, "create table t (); select tableowner from pg_tables where tablename = 't'"));

        await test.Migrations.ReturnAsync(request, CancellationToken.None);
        Assert.Equal(login.IsTemporary, await Record.ExceptionAsync(() => SelectAsync(server, login, "select 1")) is PostgresException);
        Assert.NotEqual(login.IsTemporary, (await test.Migrations.LendAsync(request, CancellationToken.None)).Password == login.Password);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_never_taken_for_gone()
    {
        await using var test = await NewServersAsync("main");
        await test.SilenceAsync("main");
        var server = await test.Servers.FindAsync("main", CancellationToken.None);
        Assert.NotEqual(ServerStatus.Available, server!.Status);
        Assert.NotNull(server.Reason);
    }

    private static async Task<object?> SelectAsync(Server server, MigrationLogin login, string sql)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Port,
            Username = login.Username,
            Password = login.Password.Reveal(),
            Database = "app",
            SslMode = server.SslMode == "disable" ? SslMode.Disable : SslMode.Require,
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

/// <summary>An engine that has servers, and the way to make them unreachable.</summary>
internal interface IServersUnderTest : IAsyncDisposable
{
    IServerDirectory Servers { get; }

    IAdministratorAccess Administrator { get; }

    IMigrationAccess Migrations { get; }

    Task SilenceAsync(string name);
}
