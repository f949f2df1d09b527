using PgFleet.Postgres.Sql;
using PgFleet.Resources.Database;

namespace PgFleet.Tests.Resources.Database;

/// <summary>Observations on newer servers, which store an ICU locale in another form.</summary>
public sealed class DatabaseObservationTests
{
    [Theory]
    [InlineData("de_AT", "de-AT", "de_AT")]
    [InlineData("DE-at", "de-AT", "DE-at")]
    [InlineData("root", "und", "root")]
    [InlineData("de_AT", "fr", "fr")]
    [InlineData(null, "de-AT", "de-AT")]
    public async Task An_icu_locale_keeps_its_spelling_and_shows_when_it_is_another(string? written, string found, string? expected)
    {
        Assert.Equal(expected, (await ObservedAsync(new() { Instance = "main", Name = "shop", IcuLocale = DatabaseValues.NameOf(written) }, found)).IcuLocale?.ToString());
    }

    [Theory]
    [InlineData("de_AT", "de_AT")]
    [InlineData("C", "C")]
    [InlineData("fr", "de-AT")]
    [InlineData(null, "de-AT")]
    public async Task A_locale_keeps_its_spelling_while_anything_comes_from_it(string? written, string expected)
    {
        Assert.Equal(expected, (await ObservedAsync(new() { Instance = "main", Name = "shop", Locale = DatabaseValues.NameOf(written) }, "de-AT")).Locale?.ToString());
    }

    private static Task<DatabaseArgs> ObservedAsync(DatabaseArgs prior, string icuLocale)
    {
        var found = new FoundDatabase
        {
            Oid = 1,
            Spec = new() { Name = "shop", Owner = "alice", LocaleProvider = "icu", Locale = icuLocale, IcuLocale = icuLocale, LcCollate = "C", LcCtype = "C.UTF-8" },
            IsTemplate = false,
            HalfDropped = false,
            Unclaimed = false,
        };
        var nobody = new Databases((_, _) => throw new InvalidOperationException("a connection is asked for"));
        return new DatabaseObservation(nobody, found, prior).ReadAsync("main", CancellationToken.None);
    }
}
