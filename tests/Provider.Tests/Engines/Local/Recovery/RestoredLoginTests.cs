using PgFleet.Engines.Local.Instances;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>The creator of a copy can log in, in any state of the login role at the instant.</summary>
[Trait("Requirement", "R21")]
public sealed class RestoredLoginTests
{
    [Theory]
    [InlineData("valid until '2001-02-03'", "VALID UNTIL")]
    [InlineData("nologin", "NOLOGIN")]
    [InlineData("connection limit 0", "CONNECTION LIMIT 0")]
    [InlineData("nologin connection limit 0 valid until '2001-02-03'", "NOLOGIN")]
    public async Task A_role_that_could_not_log_in_at_that_instant_can_in_the_copy(string was, string told)
    {
        await using var home = await RestoreHome.StartAsync();
        await home.Home.AskAdminAsync($"alter role alice {was}");
        var instant = await home.NowAsync();
        await home.Home.AskAdminAsync("alter role alice login connection limit -1 valid until 'infinity'");

        var given = await home.RestoreAsync(instant, with: spec => spec with { Password = "given-secret" });
        Assert.Equal(1, await TestHome.AskAsync(given, "select 1", "given-secret"));
        Assert.Contains(home.Warnings, warning => warning.Contains("\"alice\"", StringComparison.Ordinal) && warning.Contains(told, StringComparison.Ordinal));

        var todays = await home.RestoreAsync(instant, with: spec => spec with { Password = null });
        Assert.Equal(1, await TestHome.AskAsync(todays, "select 1"));
    }

    [Fact]
    public async Task A_role_that_was_dropped_and_made_again_logs_in_on_both_sides_of_it()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)");
        var before = await home.NowAsync();
        await home.Home.AskAdminAsync("alter role alice rename to old; create role alice login password 'todays-secret' connection limit 0");
        var after = await home.NowAsync();
        await home.Home.AskAdminAsync("alter role alice connection limit 5");

        foreach (var instant in (DateTimeOffset[])[before, after])
        {
            var copy = await home.RestoreAsync(instant);
            Assert.Equal(1, await TestHome.AskAsync(copy, "select 1"));
            await home.DeleteAsync(copy);
        }
    }

    /// <summary>The login proof runs under none of these settings.</summary>
    [Theory]
    [InlineData("statement_timeout", "1")]
    [InlineData("default_transaction_read_only", "on")]
    [InlineData("search_path", "nowhere")]
    public async Task What_the_user_has_set_for_sessions_does_not_end_a_restore(string parameter, string value)
    {
        await using var home = await RestoreHome.StartAsync();
        await home.Home.AskAdminAsync("alter role alice set statement_timeout = 1");

        var copy = await home.RestoreAsync(await home.NowAsync(), with: spec => spec with { Parameters = spec.Parameters.Add(parameter, value) });

        Assert.Equal(RecordState.Available, home.Home.Record(copy.Spec.Name)!.State);
    }

    [Fact]
    public async Task A_session_that_does_not_begin_with_what_was_set_is_told_and_ends_no_restore()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.Home.AskAdminAsync("alter role alice set session_preload_libraries = 'no_such_library'");
        var instant = await home.NowAsync();
        await home.Home.AskAdminAsync("alter role alice reset session_preload_libraries");

        var copy = await home.RestoreAsync(instant);

        Assert.Contains(home.Warnings, warning => warning.Contains("no_such_library", StringComparison.Ordinal));
        await home.Home.AskAdminAsync("alter role alice reset session_preload_libraries", copy.Spec.Name);
        Assert.Equal(1, await TestHome.AskAsync(copy, "select 1"));
    }
}
