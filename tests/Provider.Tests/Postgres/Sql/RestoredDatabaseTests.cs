using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;

namespace PgFleet.Tests.Postgres.Sql;

/// <summary>Uses a server of its own, because the restore marks all databases of a server.</summary>
public sealed class RestoredDatabaseTests(SqlServer server) : IClassFixture<SqlServer>
{
    [Fact]
    public async Task Taken_over_once_with_its_data_and_brought_to_the_spec()
    {
        var shop = await RestoredAsync("shop");
        Assert.Equal((true, false), ((await FindAsync("shop")).Unclaimed, (await FindAsync("shop")).Spec.Settings.ContainsKey("pgfleet.unclaimed")));

        var taken = await server.CreateAsync(shop with { Encoding = "UTF8", Extensions = shop.Extensions.Add("citext", new()), Settings = shop.Settings.Add("work_mem", "8MB") });

        Assert.Equal((false, "alice", -1), (taken.Unclaimed, taken.Spec.Owner, taken.Spec.ConnectionLimit));
        Assert.Equal([("jit", "off"), ("work_mem", "8MB")], taken.Spec.Settings.Select(setting => (setting.Key, setting.Value)));
        Assert.Equal(42, await server.ScalarAsync<int>("select n from kept", "shop"));
        Assert.Contains("citext", (await server.Databases.FindExtensionsAsync("shop", CancellationToken.None)).Keys);
        Assert.Equal(FailureKind.Conflict, (await Assert.ThrowsAsync<ResourceFailure>(() => server.CreateAsync(shop))).Kind);
    }

    [Fact]
    public async Task What_was_not_offered_is_a_conflict()
    {
        var shop = await RestoredAsync("made_before");
        await server.Scratch.ScalarAsync("create database made_later");

        Assert.Equal(FailureKind.Conflict, (await Assert.ThrowsAsync<ResourceFailure>(() => server.CreateAsync(shop with { Name = "made_later" }))).Kind);
    }

    [Fact]
    public async Task Another_encoding_is_a_conflict_and_the_data_stay_on_offer()
    {
        var shop = await RestoredAsync("encoded");

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => server.CreateAsync(shop with { Encoding = "LATIN1" }));

        Assert.StartsWith("Database \"encoded\" came with the restore, and its encoding or locale is not the one asked for.", failure.Message, StringComparison.Ordinal);
        Assert.True((await FindAsync("encoded")).Unclaimed);
    }

    [Fact]
    public async Task What_was_made_of_several_locales_fits_what_it_was_made_of()
    {
        Assert.SkipWhen(ScratchServer.Major < 15, "icu came with 15");
        await server.Scratch.ScalarAsync("create database mixed template template0 locale 'C' lc_ctype 'C.UTF-8' locale_provider icu icu_locale 'de-AT'");
        var shop = await RestoredAsync("beside_mixed") with { Name = "mixed" };

        var taken = await server.CreateAsync(shop with { Locale = "C", LcCtype = "C.UTF-8", LocaleProvider = "icu", IcuLocale = "de_AT" });

        Assert.False(taken.Unclaimed);
    }

    [Fact]
    public async Task A_take_over_that_was_killed_half_way_is_finished_by_the_next()
    {
        var shop = await RestoredAsync("killed");
        var spec = shop with { Extensions = shop.Extensions.Add("citext", new()) };
        var openings = 0;
        var dying = new Databases(async (database, _) => ++openings == 3 ? throw new IOException("killed") : new Admin(await server.Scratch.OpenAsync(database)));

        await Assert.ThrowsAsync<IOException>(() => server.CreateAsync(spec, dying));
        Assert.Equal((true, "bob"), ((await FindAsync("killed")).Unclaimed, (await FindAsync("killed")).Spec.Owner));

        Assert.Equal("alice", (await server.CreateAsync(spec)).Spec.Owner);
        Assert.Equal(42, await server.ScalarAsync<int>("select n from kept", "killed"));
    }

    /// <summary>A database as a restore leaves it, and a minimal spec for it.</summary>
    private async Task<DatabaseSpec> RestoredAsync(string name)
    {
        await server.Scratch.ScalarAsync($"create database {name} owner bob connection limit 2");
        await server.Scratch.ScalarAsync($"create table kept as select 42 as n; alter database {name} set jit = off", name);
        await server.Databases.MarkAllRestoredAsync(CancellationToken.None);
        return new() { Name = name, Owner = "alice" };
    }

    private async Task<FoundDatabase> FindAsync(string name) => (await server.Databases.FindAsync(name, CancellationToken.None))!;
}
