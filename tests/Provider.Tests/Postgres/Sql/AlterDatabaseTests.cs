using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Tests.Postgres.Sql;

[Collection(nameof(SqlServer))]
public sealed class AlterDatabaseTests(SqlServer server)
{
    private static readonly DatabaseSpec Plain = new() { Name = "plain", Owner = "alice" };

    [Fact]
    public async Task Owner_limit_and_openness_change_in_place()
    {
        var (spec, made) = await MadeAsync(Plain with { Name = "altered" });

        await AlterAsync(spec, spec with { Owner = "bob", ConnectionLimit = 2, AllowConnections = false });

        var found = await FindAsync("altered");
        Assert.Equal((made.Oid, "bob", 2, false), (found.Oid, found.Spec.Owner, found.Spec.ConnectionLimit, found.Spec.AllowConnections));
        await AlterAsync(found.Spec, found.Spec with { ConnectionLimit = -1, AllowConnections = true });
        await using var connection = await server.Scratch.OpenAsync("altered", "bob");
    }

    [Fact]
    public async Task Objects_keep_their_owner_when_the_database_changes_hands()
    {
        var (spec, _) = await MadeAsync(Plain with { Name = "handed_over" });
        await server.Scratch.ScalarAsync("set role alice; create schema s; create table s.t ()", "handed_over");

        await AlterAsync(spec, spec with { Owner = "bob" });

        Assert.Equal("alice", await server.ScalarAsync<string>("select tableowner::text from pg_tables where tablename = 't'", "handed_over"));
    }

    [Fact]
    public async Task What_the_plan_does_not_change_is_not_touched()
    {
        var (spec, _) = await MadeAsync(Plain with { Name = "drifted", ConnectionLimit = 5 });
        await server.Scratch.ScalarAsync("alter database drifted owner to bob");

        await AlterAsync(spec, spec with { ConnectionLimit = 6 });

        Assert.Equal("bob", (await FindAsync("drifted")).Spec.Owner);
    }

    [Fact]
    public async Task Nothing_to_change_needs_no_server()
    {
        var unreachable = new Databases((_, _) => throw new InvalidOperationException("a connection is asked for"));

        await unreachable.AlterAsync(Plain, Plain with { Template = Plain.Template }, new OperationContext(CancellationToken.None));
    }

    [Fact]
    public async Task A_change_that_fails_half_way_changes_nothing()
    {
        var (spec, _) = await MadeAsync(Plain with { Name = "all_or_nothing" });

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => AlterAsync(spec, spec with { ConnectionLimit = 9, Owner = "nobody" }));

        Assert.Equal(FailureKind.Missing, failure.Kind);
        Assert.Equal(-1, (await FindAsync("all_or_nothing")).Spec.ConnectionLimit);
    }

    [Fact]
    public async Task Settings_are_set_changed_and_reset()
    {
        var (spec, made) = await MadeAsync(Plain with { Name = "set", Settings = Settings(("work_mem", "16MB"), ("timezone", "utc"), ("my.own", "it's \\ here")) });
        Assert.Equal(["it's \\ here", "utc", "16MB"], [made.Spec.Settings["my.own"], made.Spec.Settings["TimeZone"], made.Spec.Settings["work_mem"]]);

        await server.Scratch.ScalarAsync("alter database set set jit to off", "postgres");
        await AlterAsync(spec, spec with { Settings = Settings(("work_mem", "32MB"), ("enable_sort", "off")) });

        Assert.Equal([("enable_sort", "off"), ("jit", "off"), ("work_mem", "32MB")], (await FindAsync("set")).Spec.Settings.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public async Task A_list_of_names_stays_a_list()
    {
        await MadeAsync(Plain with { Name = "listing", Settings = Settings(("search_path", "\"Shop\", public")) });

        Assert.Equal("\"Shop\", public", await server.ScalarAsync<string>("show search_path", "listing"));
        Assert.Equal(["pg_catalog", "public"], await server.ScalarAsync<string[]>("select current_schemas(true)::text[]", "listing"));
    }

    [Theory]
    [InlineData("work_mem", "16MB", "16384kB", true)]
    [InlineData("work_mem", "16MB", "16384", true)]
    [InlineData("work_mem", "16MB", "17MB", false)]
    [InlineData("jit", "on", "true", true)]
    [InlineData("TimeZone", "utc", "UTC", true)]
    [InlineData("log_connections", "on", "true", false)] // cannot be set in a session
    [InlineData("no_such_parameter", "1", "1.0", false)]
    public async Task The_server_says_which_values_are_the_same(string parameter, string one, string other, bool same)
    {
        Assert.Equal(same, await server.Databases.AreSameAsync(parameter, one, other, CancellationToken.None));
    }

    [Theory]
    [InlineData("work_mem", "a lot", "work_mem")]
    [InlineData("no_such_parameter", "1", "no_such_parameter")]
    [InlineData("shared_buffers", "1GB", "shared_buffers")]
    public async Task A_setting_that_the_server_does_not_take_is_named_and_nothing_is_made(string name, string value, string named)
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => MadeAsync(Plain with { Name = "unset", Settings = Settings((name, value)) }));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Null(await server.Databases.FindAsync("unset", CancellationToken.None));
    }

    [Fact]
    public async Task Settings_of_the_database_do_not_bind_the_administrator()
    {
        var (spec, _) = await MadeAsync(Plain with
        {
            Name = "hostile",
            Settings = Settings(("default_transaction_read_only", "on"), ("statement_timeout", "500ms"), ("search_path", "evil")),
        });

        await AlterAsync(spec, spec with { Extensions = spec.Extensions.Add("citext", new()) });

        Assert.Equal("public", (await server.Databases.FindExtensionsAsync("hostile", CancellationToken.None))["citext"].Schema);
    }

    private static ImmutableSortedDictionary<string, string> Settings(params (string Name, string Value)[] settings) =>
        Plain.Settings.AddRange(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));

    private async Task<(DatabaseSpec Spec, FoundDatabase Made)> MadeAsync(DatabaseSpec spec) => (spec, await server.CreateAsync(spec));

    private Task AlterAsync(DatabaseSpec prior, DatabaseSpec planned) => server.Databases.AlterAsync(prior, planned, new OperationContext(CancellationToken.None));

    private async Task<FoundDatabase> FindAsync(string name) => (await server.Databases.FindAsync(name, CancellationToken.None))!;
}
