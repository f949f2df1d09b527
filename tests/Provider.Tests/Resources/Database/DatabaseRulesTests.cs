using PgFleet.Resources.Database;
using PgFleet.Schema.Types;

namespace PgFleet.Tests.Resources.Database;

public sealed class DatabaseRulesTests
{
    private static readonly DatabaseArgs Plain = new() { Instance = "main", Name = "shop" };

    [Theory]
    [InlineData("a")]
    [InlineData("Shop \"24\" 'n' / more")]
    public void Accepts_a_name_of_any_characters(string name) => Assert.Empty(DatabaseRules.Of(Plain with { Name = name }));

    [Fact]
    public void Accepts_63_bytes_and_rejects_64_however_many_characters_they_are()
    {
        Assert.Empty(DatabaseRules.Of(Plain with { Name = new string('n', 63) }));
        Assert.Empty(DatabaseRules.Of(Plain with { Name = new string('é', 31) + "n" }));
        Assert.Equal(
            ("name", $"\"{new string('é', 32)}\" is 64 bytes long in UTF-8: use at most 63."),
            Problem(Plain with { Name = new string('é', 32) }));
        Assert.Equal(("name", $"\"{new string('n', 64)}\" is 64 bytes long in UTF-8: use at most 63."), Problem(Plain with { Name = new string('n', 64) }));
    }

    [Theory]
    [InlineData("", "\"\" is not allowed: write 1 to 63 bytes, none of them zero.")]
    [InlineData("a\0b", "\"a\\0b\" is not allowed: write 1 to 63 bytes, none of them zero.")]
    [InlineData("pgfleet_unfinished_x", "\"pgfleet_unfinished_x\" is not allowed: names that begin with \"pgfleet_unfinished_\" are for databases that are being made.")]
    public void Rejects_a_name_that_no_database_may_have(string name, string reason) => Assert.Equal(("name", reason), Problem(Plain with { Name = name }));

    [Fact]
    public void Rejects_a_connection_that_is_no_uri_without_showing_it()
    {
        Assert.Empty(DatabaseRules.Of(Plain with { Connection = "postgres://u:p@h/d" }));

        var (path, reason) = Problem(Plain with { Connection = "Host=h;Password=hunter2" });

        Assert.Equal("connection", path);
        Assert.DoesNotContain("hunter2", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_options_of_another_locale_provider_all_at_once()
    {
        var problems = DatabaseRules.Of(Plain with { LocaleProvider = "libc", IcuLocale = LocaleName.Parse("de"), IcuRules = "&a < b", BuiltinLocale = LocaleName.Parse("C") }).ToList();

        Assert.Equal(["icuLocale", "icuRules", "builtinLocale"], problems.Select(problem => problem.Path));
        Assert.Equal("needs another localeProvider: set localeProvider to \"builtin\", or leave builtinLocale out.", problems[2].Reason.ToString());
        Assert.Empty(DatabaseRules.Of(Plain with { LocaleProvider = "icu", IcuLocale = LocaleName.Parse("de"), IcuRules = "&a < b" }));
    }

    [Theory]
    [InlineData("Role")]
    [InlineData("session_authorization")]
    [InlineData("pgfleet.unclaimed")]
    public void Rejects_a_setting_that_is_no_default_of_sessions(string name) =>
        Assert.Equal(
            ($"settings[\"{name}\"]", $"\"{name}\" is not for users to set on a database: leave it out."),
            Problem(Plain with { Settings = new Dictionary<string, Setting> { [name] = Setting.Parse("x")! } }));

    private static (string Path, string Reason) Problem(DatabaseArgs args)
    {
        var problem = Assert.Single(DatabaseRules.Of(args));
        Assert.True(problem.Refuses);
        return (problem.Path, problem.Reason.ToString());
    }
}
