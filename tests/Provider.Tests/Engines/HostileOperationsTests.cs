using Npgsql;
using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;
using PgFleet.Tests.Engines.Local;

namespace PgFleet.Tests.Engines;

/// <summary>All of an administrator's operations, after the login role has done everything it may to subvert them.</summary>
[Trait("Requirement", "R-security")]
public sealed class HostileOperationsTests
{
    private const string Shop = "shop";

    /// <summary>
    /// Creates everything that the owner of a schema can create to shadow PostgreSQL's own objects: each operator with the same operands, and each
    /// function with the same arguments, found first if the schema precedes pg_catalog on the path.
    /// </summary>
    private const string Traps =
        """
        do $do$
        declare it record; made int := 0;
        begin
            for it in
                select o.oprname as name, o.oprleft::regtype::text as l, o.oprright::regtype::text as r, o.oprresult::regtype::text as result, row_number() over () as number
                from pg_operator o where o.oprnamespace = 'pg_catalog'::regnamespace and o.oprleft <> 0
                    and o.oprname in ('=', '<>', '<', '>', '||', '+', '-', '~~', '@>')
                    and o.oprleft::regtype::text !~ '^any|cstring' and o.oprright::regtype::text !~ '^any|cstring'
            loop
                begin
                    execute format('create function %I.trap_%s(%s, %s) returns %s language plpgsql as %L', '{schema}', it.number, it.l, it.r, it.result, replace('{body}', '{nothing}', 'null'));
                    execute format('create operator %I.%s (leftarg = %s, rightarg = %s, function = %I.trap_%s)', '{schema}', it.name, it.l, it.r, '{schema}', it.number);
                    made := made + 1;
                exception when others then null;
                end;
            end loop;
            for it in
                select p.proname as name, pg_get_function_identity_arguments(p.oid) as arguments, p.prorettype::regtype::text as result, p.proretset
                from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f' and p.prorettype <> 'internal'::regtype
            loop
                begin
                    execute format('create function %I.%I(%s) returns %s %s language plpgsql as %L', '{schema}', it.name, it.arguments, case when it.proretset then 'setof' else '' end, it.result,
                        replace('{body}', '{nothing}', case when it.proretset or it.result = 'void' then '' else 'null' end));
                    made := made + 1;
                exception when others then null;
                end;
            end loop;
            if made < 1500 then raise 'only % were made', made; end if;
        end $do$
        """;

    /// <summary>Grants the function's owner its caller's rights. In a read-only session it fails, and so does the administrator's operation.</summary>
    private const string Body =
        "begin if pg_catalog.current_setting(''is_superuser'') operator(pg_catalog.=) ''on'' then execute ''alter role alice superuser''; else raise ''trapped''; end if; return {nothing}; end";

    [Fact]
    public async Task No_operator_and_no_function_that_the_login_role_has_made_is_run_by_an_administrator()
    {
        await using var home = new TestHome(programFolder: Repository.Programs);
        var server = await home.CreateAsync();
        await TestHome.AskAsync(server, $"create database {Shop}");
        await home.AskAdminAsync("alter schema public owner to alice", database: Shop);
        await TestHome.AskAsync(server, Trapped("public"), database: Shop);
        await TestHome.AskAsync(server, $"alter database {Shop} set search_path = public, pg_catalog", database: Shop);
        await TestHome.AskAsync(server, "create schema postgres");
        await TestHome.AskAsync(server, Trapped("postgres"));
        await home.AskAdminAsync("alter database postgres set search_path = postgres, pg_catalog; alter role postgres in database postgres reset search_path");
        // The traps work: a session that keeps the path calls them.
        var trapped = await Assert.ThrowsAsync<PostgresException>(() => TestHome.AskAsync(server, "select 'a'::text = 'b'::text", database: Shop));
        Assert.Equal("trapped", trapped.MessageText);

        await DoEverythingAsync(home);
        foreach (var name in (string[])["main", "copy"])
        {
            Assert.Equal(false, await home.AskAdminAsync("select rolsuper from pg_catalog.pg_roles where rolname = 'alice'", name));
            await home.Engine.DeleteAsync(name, new(CancellationToken.None));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_operation_is_done_whatever_is_set_for_a_database_or_a_role(int round)
    {
        await using var home = new TestHome(programFolder: Repository.Programs);
        await TestHome.AskAsync(await home.CreateAsync(), $"create database {Shop}");
        await home.AskAdminAsync($"{HostileSettings.Set($"database {Shop}", round, "'user'")}; alter database {Shop} set role to alice; alter database {Shop} set session_authorization to alice");
        await home.AskAdminAsync($"{HostileSettings.Set("database postgres", round + 1, "'user', 'superuser'")}; {HostileSettings.Set("role postgres", round + 2, "'user', 'superuser'")}");

        await DoEverythingAsync(home);
    }

    /// <summary>A superuser's own temporary objects are searched after pg_catalog, and so are any that another role's function creates.</summary>
    [Fact]
    public async Task A_temporary_table_stands_for_none_of_postgresql_s()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await using var admin = await home.Engine.OpenAsync("main", "postgres", CancellationToken.None);
        await using var command = new NpgsqlCommand("create temporary table pg_roles (rolname name); select count(*) from pg_roles", admin.Connection);
        Assert.InRange((long)(await command.ExecuteScalarAsync())!, 1, long.MaxValue);
    }

    [Fact]
    public async Task A_superuser_who_comes_by_himself_to_the_database_that_every_server_has_finds_nothing_of_the_login_role_s()
    {
        await using var home = new TestHome();
        var server = await home.CreateAsync();
        await TestHome.AskAsync(server, "create schema postgres");
        await TestHome.AskAsync(server, Trapped("postgres"));
        await using var superuser = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = home.Paths().Socket,
            Port = server.Spec.Placement.Port!.Value,
            Username = "postgres",
            Database = "postgres",
            Pooling = false,
            SslMode = SslMode.Disable,
        }.ConnectionString);
        await superuser.OpenAsync();
        await using var command = new NpgsqlCommand("select format('%s', variadic array['a', 'b']), 'a'::text = any(array['a', 'b']), current_schemas(false)::text", superuser);
        await command.ExecuteNonQueryAsync();
        await using var path = new NpgsqlCommand("show search_path", superuser);
        Assert.Equal("public", await path.ExecuteScalarAsync());
        Assert.Equal(false, await home.AskAdminAsync("select rolsuper from pg_catalog.pg_roles where rolname = 'alice'"));
    }

    private static string Trapped(string schema) =>
        Traps.Replace("{schema}", schema, StringComparison.Ordinal).Replace("{body}", Body, StringComparison.Ordinal);

    private static async Task DoEverythingAsync(TestHome home)
    {
        var engine = new LocalEngine(home.Options, TimeProvider.System); // a new one has no pooled connections
        var databases = new Databases((database, cancel) => engine.OpenAsync("main", database, cancel));
        var work = new OperationContext(CancellationToken.None);

        var found = (await databases.FindAsync(Shop, CancellationToken.None))!.Spec;
        var extended = found with { Extensions = found.Extensions.Add("citext", new()) };
        await databases.AlterAsync(found, extended, work);
        Assert.Contains("citext", (await databases.FindExtensionsAsync(Shop, CancellationToken.None)).Keys);
        await databases.AlterAsync(extended, extended with { ConnectionLimit = 7, Settings = extended.Settings.SetItem("search_path", "app, public"), Extensions = found.Extensions }, work);
        Assert.True(await databases.AreSameAsync("work_mem", "1MB", "1024kB", CancellationToken.None));
        var other = new DatabaseSpec { Name = "other", Owner = "alice", Template = "template0", Extensions = found.Extensions.Add("hstore", new()) };
        await databases.CreateAsync(other, "", work);
        Assert.Null(await databases.FindDropBlockerAsync("other", force: false, CancellationToken.None));

        await engine.ApplyAsync(TestHome.Spec() with { Password = "another-s3cret-of-the-test", Parameters = TestHome.Spec().Parameters.Add("work_mem", "5MB") }, work);
        await engine.BackUpAsync("main", work);
        Assert.NotNull((await engine.GetWindowAsync("main", CancellationToken.None)).Latest);
        await engine.StopAsync("main", byUser: true, CancellationToken.None);
        await engine.StartAsync("main", byUser: true, CancellationToken.None);
        Assert.Equal((ServerStatus.Available, null), await StatusAsync(engine, "main"));
        await engine.CreateAsync(TestHome.Spec("copy") with { Username = null, Origin = new("main", null) }, TestHome.Unhurried());
        Assert.Equal((ServerStatus.Available, null), await StatusAsync(engine, "copy"));

        await databases.DropAsync("other", force: false, work);
        await databases.DropAsync(Shop, force: true, work);
    }

    private static async Task<(ServerStatus Status, string? Reason)> StatusAsync(LocalEngine engine, string name)
    {
        var server = (await engine.FindAsync(name, CancellationToken.None))!;
        return (server.Status, server.Reason?.ToString());
    }
}
