using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Tests.Postgres.Sql;

/// <summary>A database's owner creates functions where a superuser's statement could find them before PostgreSQL's own.</summary>
[Collection(nameof(SqlServer))]
public sealed class TrappedNamesTests(SqlServer server)
{
    [Fact]
    public async Task An_extension_is_made_without_a_look_at_the_functions_of_the_schema_that_it_goes_to()
    {
        var spec = new DatabaseSpec { Name = "trapped_ext", Owner = "alice" };
        await server.CreateAsync(spec);
        await server.Scratch.ScalarAsync($"alter schema public owner to alice; set role alice; {Traps("public")}", "trapped_ext");

        await server.Databases.AlterAsync(
            spec, spec with { Extensions = spec.Extensions.Add("citext", new()) }, new OperationContext(CancellationToken.None));
        Assert.False(await IsSuperuserAsync());
    }

    [Fact]
    public async Task A_search_path_is_set_for_a_database_without_a_look_at_the_functions_on_it()
    {
        var spec = new DatabaseSpec { Name = "trapped_path", Owner = "alice" };
        await server.CreateAsync(spec);
        await server.Scratch.ScalarAsync($"create schema app authorization alice; set role alice; {Traps("app")}");

        await server.Databases.AlterAsync(
            spec, spec with { Settings = spec.Settings.Add("search_path", "app, pg_catalog") }, new OperationContext(CancellationToken.None));
        Assert.False(await IsSuperuserAsync());
        Assert.Equal("app, pg_catalog", (await server.Databases.FindAsync("trapped_path", CancellationToken.None))!.Spec.Settings["search_path"]);
        await server.Scratch.ScalarAsync("drop schema app cascade");
    }

    private Task<bool> IsSuperuserAsync() => server.ScalarAsync<bool>("select rolsuper from pg_roles where rolname = 'alice'");

    /// <summary>Functions that shadow PostgreSQL's, and grant their owner the caller's rights.</summary>
    private static string Traps(string schema) =>
        $"""
        {Trap(schema, "format(text, variadic text[])", "format($1, variadic $2)")};
        {Trap(schema, "set_config(text, text, boolean)", "set_config($1, $2, $3)")};
        {Trap(schema, "current_setting(text)", "current_setting($1)")}
        """;

    private static string Trap(string schema, string head, string call) =>
        $"""
        create function {schema}.{head} returns text language plpgsql as $f$ begin
            if pg_catalog.current_setting('is_superuser') = 'on' then execute 'alter role alice superuser'; end if;
            return pg_catalog.{call};
        end $f$
        """;
}
