using PgFleet.Failures;
using PgFleet.Postgres.Sql;

namespace PgFleet.Tests.Postgres.Sql;

[Collection(nameof(SqlServer))]
public sealed class LocaleTests(SqlServer server)
{
    private static readonly DatabaseSpec Plain = new() { Name = "plain", Owner = "alice" };

    [Fact]
    public async Task Another_encoding_and_locale_are_made_from_template0()
    {
        await server.Scratch.ScalarAsync("create table if not exists from_template1 ()", "template1");

        var made = await server.CreateAsync(Plain with { Name = "latin", Encoding = "LATIN1", Locale = "C" });

        Assert.Equal(("LATIN1", "C", "C", "C"), (made.Spec.Encoding, made.Spec.Locale, made.Spec.LcCollate, made.Spec.LcCtype));
        Assert.False(await server.ScalarAsync<bool>("select to_regclass('from_template1') is not null", "latin"));
    }

    [Fact]
    public async Task The_encoding_and_locale_of_template1_are_made_from_template1()
    {
        await server.Scratch.ScalarAsync("create table if not exists from_template1 ()", "template1");

        await server.CreateAsync(Plain with { Name = "same_locale", Encoding = "UTF8", Locale = "C.UTF-8", LcCtype = "C.UTF-8" });

        Assert.True(await server.ScalarAsync<bool>("select to_regclass('from_template1') is not null", "same_locale"));
    }

    [Fact]
    public async Task Collation_and_character_classes_may_differ()
    {
        var made = await server.CreateAsync(Plain with { Name = "mixed", LcCollate = "C", LcCtype = "C.UTF-8" });

        Assert.Equal(("C", "C.UTF-8", null), (made.Spec.LcCollate, made.Spec.LcCtype, made.Spec.Locale));
    }

    [Fact]
    public async Task An_icu_locale_is_the_databases_locale()
    {
        Assert.SkipWhen(ScratchServer.Major < 15, "icu came with 15");
        var made = await server.CreateAsync(Plain with { Name = "icu", LocaleProvider = "icu", IcuLocale = "de-AT" });

        Assert.Equal(("icu", "de-AT", "de-AT", "C.UTF-8"), (made.Spec.LocaleProvider, made.Spec.IcuLocale, made.Spec.Locale, made.Spec.LcCollate));
    }

    [Fact]
    public async Task Rules_go_beyond_an_icu_locale()
    {
        Assert.SkipWhen(ScratchServer.Major < 16, "rules came with 16");
        var made = await server.CreateAsync(Plain with { Name = "ruled", LocaleProvider = "icu", IcuLocale = "und", IcuRules = "&V << w <<< W" });

        Assert.Equal(("und", "&V << w <<< W"), (made.Spec.IcuLocale, made.Spec.IcuRules));
    }

    [Fact]
    public async Task A_builtin_locale_is_the_databases_locale()
    {
        Assert.SkipWhen(ScratchServer.Major < 17, "the builtin provider came with 17");
        var made = await server.CreateAsync(Plain with { Name = "built_in", LocaleProvider = "builtin", BuiltinLocale = "C.UTF-8" });

        Assert.Equal(("builtin", "C.UTF-8", "C.UTF-8"), (made.Spec.LocaleProvider, made.Spec.BuiltinLocale, made.Spec.Locale));
    }

    [Fact]
    public async Task The_provider_that_every_version_has_may_be_named_on_every_version()
    {
        var made = await server.CreateAsync(Plain with { Name = "of_libc", LocaleProvider = "libc", Locale = "C", LcCtype = "C.UTF-8" });

        Assert.Equal(("libc", "C", "C.UTF-8"), (made.Spec.LocaleProvider, made.Spec.LcCollate, made.Spec.LcCtype));
    }

    [Theory]
    [InlineData("klingon", "C")]
    [InlineData("LATIN1", "C.UTF-8")]
    [InlineData("UTF8", "tlh_QO")]
    public async Task What_the_server_has_not_got_is_refused_in_its_words(string encoding, string locale)
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(
            () => server.CreateAsync(Plain with { Name = "unlocalised", Encoding = encoding, Locale = locale }));

        Assert.True(failure.Kind is FailureKind.Refused or FailureKind.Missing, failure.Message);
        Assert.Contains("Cannot create database \"unlocalised\"", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await server.ScalarAsync<long>("select count(*) from pg_database where datname like 'pgfleet\\_unfinished\\_%' and datname not like '%0123456789abcdef'"));
    }
}
