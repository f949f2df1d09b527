using System.Text.Json;
using Npgsql;
using PgFleet.Engines.Local;
using PgFleet.Tests.Engines.Local;

namespace PgFleet.Tests.Engines;

/// <summary>Every setting of a database or a role is set to a value that harms the administrator.</summary>
public sealed class HostileSettingsTests
{
    private const string Snapshot =
        "select json_object_agg(name, array[coalesce(setting, ''), coalesce(boot_val, '')])::text from pg_settings where context in ('user', 'superuser')";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_set_for_a_database_or_a_role_an_administrator_s_session_begins_and_means_the_same(int round)
    {
        await using var home = new TestHome();
        await TestHome.AskAsync(await home.CreateAsync(), "create database shop");
        var before = await SnapshotAsync(home.Engine, "shop");

        await home.AskAdminAsync($"{HostileSettings.Set("database shop", round, "'user'")}; alter database shop set role to alice");
        await home.AskAdminAsync($"{HostileSettings.Set("database postgres", round + 1, "'user', 'superuser'")}; {HostileSettings.Set("role postgres", round + 2, "'user', 'superuser'")}");
        Assert.InRange((long)(await home.AskAdminAsync("select count(*) from pg_db_role_setting, unnest(setconfig)"))!, 300, 10_000);

        var other = new LocalEngine(home.Options, TimeProvider.System); // a new one has no pooled connections
        foreach (var database in new[] { "shop", "postgres" })
        {
            var now = await SnapshotAsync(other, database);
            Assert.Empty(from parameter in before
                         where now[parameter.Key][0] != parameter.Value[0] && now[parameter.Key][0] != parameter.Value[1]
                         select $"{database}: {parameter.Key} is {now[parameter.Key][0]}, not {parameter.Value[0]}");
            Assert.Equal("postgres postgres", await AskAsync(other, database, "select concat(current_user, ' ', session_user)"));
        }
        await other.ApplyAsync(TestHome.Spec() with { Parameters = TestHome.Spec().Parameters.Add("work_mem", "5MB") }, TestHome.Unhurried());
    }

    [Theory]
    [InlineData("session_preload_libraries")]
    [InlineData("local_preload_libraries")]
    public async Task A_library_that_is_not_there_locks_no_administrator_out_and_the_next_change_takes_it_back(string parameter)
    {
        await using var home = new TestHome();
        var server = await home.CreateAsync();
        await home.ApplyAsync(TestHome.Spec() with { Parameters = TestHome.Spec().Parameters.Add(parameter, "auto_explian") });
        await Assert.ThrowsAsync<PostgresException>(() => TestHome.AskAsync(server, "select 1"));

        await home.ApplyAsync(TestHome.Spec());
        Assert.Equal(1, await TestHome.AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task A_type_whose_name_is_no_text_keeps_no_administrator_out_of_its_database()
    {
        await using var home = new TestHome();
        var server = await home.CreateAsync();
        await TestHome.AskAsync(server, "create database raw_db encoding 'SQL_ASCII' locale 'C' template template0");
        await home.AskAdminAsync("do $$ begin execute format('create domain public.\"ev%sil\" as int', convert_from('\\xff'::bytea, 'SQL_ASCII')); end $$", database: "raw_db");

        Assert.Equal(1, await AskAsync(new(home.Options, TimeProvider.System), "raw_db", "select 1"));
    }

    private static async Task<Dictionary<string, string[]>> SnapshotAsync(LocalEngine engine, string database) =>
        JsonSerializer.Deserialize<Dictionary<string, string[]>>((string)(await AskAsync(engine, database, Snapshot))!)!;

    private static async Task<object?> AskAsync(LocalEngine engine, string database, string sql)
    {
        await using var admin = await engine.OpenAsync("main", database, CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, admin.Connection);
        return await command.ExecuteScalarAsync();
    }
}
