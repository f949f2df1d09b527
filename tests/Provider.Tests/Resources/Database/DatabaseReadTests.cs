using PgFleet.Failures;
using PgFleet.Resources.Database;
using PgFleet.Schema.Types;
using State = PgFleet.Resources.State<PgFleet.Resources.Database.DatabaseArgs, PgFleet.Resources.Database.DatabaseOutputs>;

namespace PgFleet.Tests.Resources.Database;

[Collection(nameof(DatabaseFixture))]
public sealed class DatabaseReadTests(DatabaseFixture fixture)
{
    private static DatabaseArgs Args => DatabaseFixture.Args;

    [Fact]
    public async Task What_was_created_reads_back_as_it_was_written()
    {
        var state = await fixture.CreateAsync(Args with
        {
            Name = "as_written",
            Owner = "bob",
            Encoding = EncodingName.Parse("latin-1"),
            Locale = LocaleName.Parse("C"),
            Template = "template0",
            ConnectionLimit = 5,
            Settings = Settings(("timezone", "utc"), ("work_mem", "16384kB"), ("search_path", "\"Shop\", public")),
            Extensions = new Dictionary<string, ExtensionArgs> { ["citext"] = new(), ["hstore"] = new() { Version = "1.7", Schema = "Lib" } },
        });

        AssertSame(state, await ReadAsync("as_written", state));
    }

    [Fact]
    public async Task An_icu_database_reads_back_as_it_was_written()
    {
        Assert.SkipWhen(ScratchServer.Major < 15, "icu came with 15");
        var state = await fixture.CreateAsync(Args with { Name = "icu_written", LocaleProvider = "icu", IcuLocale = LocaleName.Parse("de_AT"), Locale = LocaleName.Parse("C") });

        AssertSame(state, await ReadAsync("icu_written", state));
    }

    [Fact]
    public async Task Drift_of_what_is_managed_shows_and_of_the_rest_does_not()
    {
        var state = await fixture.CreateAsync(Args with
        {
            Name = "drifting",
            Settings = Settings(("work_mem", "16MB"), ("jit", "off"), ("seq_page_cost", "1.5"), ("statement_timeout", "1h")),
            Extensions = new Dictionary<string, ExtensionArgs> { ["citext"] = new(), ["hstore"] = new() { Schema = "public" } },
        });
        await fixture.Scratch.ScalarAsync(
            "alter database drifting set work_mem = '16384kB'; alter database drifting set jit = on; alter database drifting set seq_page_cost = 1.50; alter database drifting reset statement_timeout; alter database drifting set enable_sort = off");
        await fixture.Scratch.ScalarAsync("drop extension citext; create schema moved; alter extension hstore set schema moved; create extension cube", "drifting");

        var read = (await ReadAsync("drifting", state))!.Args;

        Assert.Equal([("jit", "on"), ("seq_page_cost", "1.5"), ("work_mem", "16MB")], read.Settings!.Select(setting => (setting.Key, setting.Value.ToString())).Order());
        Assert.Equal([("hstore", "moved")], read.Extensions!.Select(extension => (extension.Key, extension.Value.Schema!)));
    }

    [Fact]
    public async Task Dropped_by_somebody_else_it_is_gone()
    {
        var state = await fixture.CreateAsync(Args with { Name = "dropped" });
        await fixture.Scratch.ScalarAsync("drop database dropped");

        Assert.Null(await ReadAsync("dropped", state));
        Assert.Null(await ReadAsync("dropped", null));
        Assert.Null(await DatabaseFixture.Handler(new ScratchServers(fixture.Scratch, "alice")).ReadAsync("main/dropped", state, DatabaseFixture.Work()));
    }

    [Fact]
    public async Task An_import_reads_what_a_create_would_have_recorded_and_nothing_that_could_replace()
    {
        Assert.SkipWhen(ScratchServer.Major < 15, "icu came with 15");
        await fixture.Scratch.ScalarAsync("create database \"im/ported\" owner bob template template0 locale_provider icu icu_locale 'de-AT' connection limit 8");
        await fixture.Scratch.ScalarAsync("alter database \"im/ported\" set work_mem = '8MB'; create extension citext", "im/ported");

        var read = (await ReadAsync("im/ported", null))!;

        Assert.Equal(("main", "im/ported", "bob", "icu", "de-AT", 8, true, "refuse", false), (read.Args.Instance, read.Args.Name, read.Args.Owner, read.Args.LocaleProvider, read.Args.Locale?.ToString(), read.Args.ConnectionLimit, read.Args.AllowConnections, read.Args.OnDelete, read.Args.DeletionProtection));
        Assert.Equal((null, "de-AT", null, null, null), (read.Args.Template, read.Args.IcuLocale?.ToString(), read.Args.IcuRules, read.Args.BuiltinLocale, read.Args.Connection));
        Assert.Equal([("work_mem", "8MB")], read.Args.Settings!.Select(setting => (setting.Key, setting.Value.ToString())));
        Assert.Equal([("citext", new())], read.Args.Extensions!.Select(extension => (extension.Key, extension.Value)));
        AssertSame(read, await ReadAsync("im/ported", read));
    }

    [Fact]
    public async Task An_import_of_a_closed_database_leaves_its_extensions_out()
    {
        await fixture.Scratch.ScalarAsync("create database closed allow_connections false");

        Assert.Null((await ReadAsync("closed", null))!.Args.Extensions);
    }

    [Theory]
    [InlineData("shop", "\"shop\" is not the id of a Database. Write INSTANCE/NAME, such as main/shop.")]
    [InlineData("/shop", "\"/shop\" is not the id of a Database. Write INSTANCE/NAME, such as main/shop.")]
    [InlineData("nowhere/shop", "Instance \"nowhere\" does not exist. Provision it first: declare a DatabaseInstance that has this name, or a LinkedInstance if somebody else runs it, and pass its id, or correct instance.")]
    public async Task An_import_that_leads_nowhere_says_so(string id, string message)
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => DatabaseFixture.Handler(fixture.Servers()).ReadAsync(id, null, DatabaseFixture.Work()));

        Assert.Equal(message, failure.Message);
    }

    private static Dictionary<string, Setting> Settings(params (string Name, string Value)[] settings) =>
        settings.ToDictionary(setting => setting.Name, setting => Setting.Parse(setting.Value)!);

    private static void AssertSame(State expected, State? read)
    {
        Assert.NotNull(read);
        Assert.Equal(expected.Outputs, read.Outputs);
        Assert.Equal(expected.Args.Settings, read.Args.Settings);
        Assert.Equal(expected.Args.Extensions, read.Args.Extensions);
        Assert.Equal(expected.Args with { Settings = null, Extensions = null }, read.Args with { Settings = null, Extensions = null });
    }

    private Task<State?> ReadAsync(string name, State? prior) => DatabaseFixture.Handler(fixture.Servers()).ReadAsync($"main/{name}", prior, DatabaseFixture.Work());
}
