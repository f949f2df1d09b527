using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Resources.Database;
using PgFleet.Schema.Types;
using State = PgFleet.Resources.State<PgFleet.Resources.Database.DatabaseArgs, PgFleet.Resources.Database.DatabaseOutputs>;

namespace PgFleet.Tests.Engines.Linked;

/// <summary>Databases on linked servers, managed by an administrator that is not a superuser, and by one that is.</summary>
public sealed class HostedDatabaseTests(HostedServers hosted) : IClassFixture<HostedServers>
{
    private static readonly DatabaseArgs Plain =
        new() { Instance = "legacy", Name = "unnamed", ConnectionLimit = -1, AllowConnections = true, OnDelete = "refuse" };

    public static TheoryData<string, bool> Servers => new(from kind in HostedServer.Kinds from isSuperuser in new[] { false, true } select (kind, isSuperuser));

    [Theory, MemberData(nameof(Servers))]
    public async Task A_database_is_made_for_another_role_altered_read_and_dropped(string kind, bool isSuperuser)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"on a {kind}, as {(isSuperuser ? "a superuser" : "a role with CREATEDB and CREATEROLE")}");
        await using var home = new LinkHome();
        var (server, handler, name) = await BeginAsync(home, kind, isSuperuser, "life");
        await home.AskAdminAsync($"create role {name}_one");
        await home.AskAdminAsync($"create role {name}_two");
        var before = await MembershipsAsync(server);

        var state = await handler.CreateAsync(
            Plain with
            {
                Name = name,
                Owner = $"{name}_one",
                Encoding = EncodingName.Parse("utf8"),
                Locale = LocaleName.Parse("C"),
                ConnectionLimit = 9,
                Settings = new Dictionary<string, Setting> { ["work_mem"] = Setting.Parse("16MB")!, ["search_path"] = Setting.Parse("lib, public")! },
                Extensions = new Dictionary<string, ExtensionArgs> { ["citext"] = new() { Schema = "lib" } },
            },
            Work());
        Assert.Equal(before, await MembershipsAsync(server));
        Assert.Equal($"{name}_one", await server.AskAsync($"select datdba::regrole::text from pg_database where datname = '{name}'"));
        Assert.Equal("lib 16MB", await server.AskAsync("select nspname || ' ' || current_setting('work_mem') from pg_extension e join pg_namespace n on n.oid = extnamespace where extname = 'citext'", name));
        Assert.Equal($"postgresql://{name}_one@127.0.0.1:{server.Port}/{name}?sslmode=verify-full", state.Outputs.ConnectionUri);

        await server.AskAsync($"alter database {name} set work_mem = '16384kB'");
        var read = await handler.ReadAsync($"legacy/{name}", state, Work());
        Assert.Equal((state.Args.Owner, state.Args.Settings!["work_mem"].ToString(), state.Outputs), (read!.Args.Owner, read.Args.Settings!["work_mem"].ToString(), read.Outputs));

        var planned = state.Args with { Owner = $"{name}_two", ConnectionLimit = -1, Extensions = null, Settings = null };
        state = await handler.UpdateAsync(state, planned, Work());
        Assert.Equal(before, await MembershipsAsync(server));
        Assert.Equal($"{name}_two -1", await server.AskAsync($"select format('%s %s', datdba::regrole, datconnlimit) from pg_database where datname = '{name}'"));
        Assert.Equal(0L, await server.AskAsync("select count(*) from pg_extension where extname = 'citext'", name));

        await handler.DeleteAsync($"legacy/{name}", state, Work());
        Assert.Equal(before, await MembershipsAsync(server));
        Assert.Null(await handler.ReadAsync($"legacy/{name}", state, Work()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_drop_that_is_refused_names_what_would_be_lost_and_leaves_the_database_as_it_was(string kind, bool isSuperuser)
    {
        await using var home = new LinkHome();
        var (server, handler, name) = await BeginAsync(home, kind, isSuperuser, "held");
        await home.AskAdminAsync($"create role {name}_owner");
        var state = await handler.CreateAsync(Plain with { Name = name, Owner = $"{name}_owner" }, Work());
        await server.AskAsync($"create table kept as select 1; begin; insert into kept values (2); prepare transaction '{name}_prepared'", name);
        var before = await DescriptionAsync(server, name);

        foreach (var onDelete in (string[])["refuse", "force"])
        {
            var failure = await Assert.ThrowsAsync<ResourceFailure>(
                () => handler.DeleteAsync($"legacy/{name}", state with { Args = state.Args with { OnDelete = onDelete } }, Work()));
            Assert.Equal(FailureKind.Conflict, failure.Kind);
            Assert.Contains($"prepared transactions: \"{name}_prepared\"", failure.Message);
            Assert.Equal(before, await DescriptionAsync(server, name));
        }

        await server.AskAsync($"rollback prepared '{name}_prepared'", name);
        await using (var client = await OpenAsync(server, name))
        {
            var failure = await Assert.ThrowsAsync<ResourceFailure>(() => handler.DeleteAsync($"legacy/{name}", state, Work()));
            Assert.Matches($"clients: pid {client.ProcessID} \\(user \"{HostedServer.Admin}\", application \"a client of the tests\", since 20", failure.Message);
            Assert.Equal(before, await DescriptionAsync(server, name));
            await handler.DeleteAsync($"legacy/{name}", state with { Args = state.Args with { OnDelete = "force" } }, Work());
        }
        Assert.Null(await handler.ReadAsync($"legacy/{name}", state, Work()));
    }

    [Fact]
    public async Task With_one_connection_left_everything_goes_on_one_after_the_other()
    {
        await using var home = new LinkHome();
        await using var server = await HostedServer.StartAsync();
        await home.LinkAsync(server.Link());
        var handler = new DatabaseHandler(home.Engine, home.Engine);
        await server.AskAsync($"alter role {HostedServer.Admin} connection limit 1");

        var states = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => handler.CreateAsync(
            Plain with { Name = $"narrow_{i}", Extensions = new Dictionary<string, ExtensionArgs> { ["citext"] = new() } }, Work())));

        Assert.All(await Task.WhenAll(states.Select(state => handler.ReadAsync(handler.Id(state.Args), state, Work()))), Assert.NotNull);
    }

    [Fact]
    public async Task A_read_waits_for_no_lock()
    {
        await using var home = new LinkHome();
        await using var server = await HostedServer.StartAsync();
        await home.LinkAsync(server.Link());
        var handler = new DatabaseHandler(home.Engine, home.Engine);
        var state = await handler.CreateAsync(Plain with { Name = "locked", Extensions = new Dictionary<string, ExtensionArgs> { ["citext"] = new() } }, Work());

        await using var holder = await server.Scratch!.OpenAsync("locked");
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var locks = new Npgsql.NpgsqlCommand(
            "lock table pg_database, pg_db_role_setting, pg_extension in share row exclusive mode; alter database locked connection limit 3", holder))
        {
            await locks.ExecuteNonQueryAsync();
        }
        Assert.Equal(state.Args.ConnectionLimit, (await handler.ReadAsync("legacy/locked", state, Work()).WaitAsync(TimeSpan.FromSeconds(9)))!.Args.ConnectionLimit);
    }

    private static OperationContext<State> Work() => new(CancellationToken.None);

    private async Task<(HostedServer Server, DatabaseHandler Handler, string Name)> BeginAsync(LinkHome home, string kind, bool isSuperuser, string name)
    {
        var server = await hosted.OfAsync(kind);
        name += isSuperuser ? "_super" : "_plain";
        var admin = isSuperuser ? $"boss_{name}" : HostedServer.Admin;
        if (isSuperuser)
        {
            await server.AskAsync($"create role {admin} superuser login password '{HostedServer.Password}'");
        }
        await home.LinkAsync(server.Link() with { AdminUsername = admin });
        return (server, new(home.Engine, home.Engine), name);
    }

    private static async Task<Npgsql.NpgsqlConnection> OpenAsync(HostedServer server, string database)
    {
        var connection = new Npgsql.NpgsqlConnection(
            $"Host=127.0.0.1;Port={server.Port};Username={HostedServer.Admin};Password={HostedServer.Password};Database={database};SSL Mode=Require;Pooling=false;Application Name=a client of the tests");
        await connection.OpenAsync();
        return connection;
    }

    private static Task<object?> MembershipsAsync(HostedServer server) => server.AskAsync(
        "select string_agg(format('%s %s %s', roleid::regrole, member::regrole, grantor::regrole), ',' order by roleid, member, grantor) from pg_auth_members where roleid >= 16384");

    private static Task<object?> DescriptionAsync(HostedServer server, string name) => server.AskAsync(
        $"select (to_jsonb(d) - 'datfrozenxid' - 'datminmxid')::text from pg_database d where datname = '{name}'");
}
